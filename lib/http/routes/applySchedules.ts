import * as z from 'zod';
import { must } from '../../runtime/must';
import { tag } from '../../schedule/fields';
import { modelId } from '../../schedule/modelId';
import { type Settings, settingsSchema } from '../../schedule/schedule';
import type { Route } from '../route';

/** No two schedules are of one model, and no two models have one name. */
const repeated = (schedules: Settings[]) =>
  (['model_id', 'name'] as const).flatMap((field) => {
    const seen = new Set<string | null>([null]);
    return schedules.flatMap(({ [field]: value }, at) => {
      if (value === null || !seen.has(value)) return seen.add(value) && [];
      return [{ path: ['schedules', at, field], message: `${value} is in the set twice` }];
    });
  });

const withoutRoomFor = (tag: string, schedules: Settings[]) =>
  schedules.flatMap(({ tags }, at) =>
    tags.length < 20 || tags.includes(tag)
      ? []
      : [{ path: ['schedules', at, 'tags'], message: `must be at most 19 tags besides "${tag}"` }],
  );

const change = z.object({
  model_id: modelId,
  fields: z.array(z.string()).meta({ description: 'The settings that mean something else than before' }),
});

const example = {
  dry_run: true,
  new: ['550e8400-e29b-41d4-a716-446655440000'],
  changed: [{ model_id: '6f1c3f6e-8a39-4bd6-9d3b-0d0f8a2f3c11', fields: ['cron_expression'] }],
  removed: [],
  unchanged: 10,
  failed: [],
};

export const route = {
  name: 'applySchedules',
  method: 'put',
  path: '/schedules',
  summary: 'Make the schedules those of a set, such as a file in git',
  description:
    'What is wrong with any of them is told, and then nothing changes. Each model is done wholly or not at all; one that fails holds up no other. Nothing is deleted unless the set has a tag. Safe to repeat.',
  scope: 'write',
  query: z.strictObject({
    dry_run: z
      .enum(['true', 'false'], must('true or false'))
      .default('false')
      .transform((text) => text === 'true')
      .meta({ description: 'Only tell what would be done' }),
  }),
  body: z
    .strictObject({
      tag: tag.optional().meta({
        description:
          'What marks the schedules of this set: they get it, and others that have it are deleted; runs and results stay',
      }),
      schedules: z
        .array(settingsSchema, must('a list of schedules'))
        .max(1000, 'must be at most 1000 schedules'),
    })
    .superRefine(({ tag, schedules }, context) => {
      const errors = [...repeated(schedules), ...(tag ? withoutRoomFor(tag, schedules) : [])];
      for (const { path, message } of errors) context.addIssue({ code: 'custom', path, message });
    })
    .meta({
      id: 'ScheduleSet',
      examples: [
        {
          tag: 'team-risk',
          schedules: [{ model_id: '550e8400-e29b-41d4-a716-446655440000', cron_expression: '*/5 * * * *' }],
        },
      ],
    }),
  responses: {
    200: {
      description: 'What was done or, with dry_run, would be',
      schema: z.object({
        dry_run: z.boolean(),
        new: z.array(modelId),
        changed: z.array(change),
        removed: z.array(modelId),
        unchanged: z.int().min(0),
        failed: z
          .array(z.object({ model_id: modelId, message: z.string() }))
          .meta({ description: 'Those of the above that were not done, and why' }),
      }),
      examples: [example],
    },
  },
  errors: [503],
} satisfies Route;
