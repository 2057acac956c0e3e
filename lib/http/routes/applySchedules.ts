import * as z from 'zod';
import { must } from '../../runtime/must';
import { modelId } from '../../schedule/modelId';
import { settingsSchema } from '../../schedule/schedule';
import type { Route } from '../route';

const flag = (description: string) =>
  z
    .enum(['true', 'false'], must('true or false'))
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description });

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
    'What is wrong with any of them is told, and then nothing changes. Each model is done wholly or not at all; one that fails holds up no other. A schedule that is not in the set stays, unless `remove` is true.',
  scope: 'write',
  query: z.strictObject({
    dry_run: flag('Only tell what would be done'),
    remove: flag('Delete the schedules that are not in the set; runs and results stay'),
  }),
  body: z
    .strictObject({
      schedules: z
        .array(settingsSchema, must('a list of schedules'))
        .max(1000, 'must be at most 1000 schedules')
        .superRefine((schedules, context) => {
          const seen = new Set<string>();
          for (const [at, { model_id }] of schedules.entries()) {
            if (seen.has(model_id)) {
              const message = `${model_id} is in the set twice`;
              context.addIssue({ code: 'custom', path: [at, 'model_id'], message });
            }
            seen.add(model_id);
          }
        }),
    })
    .meta({
      id: 'ScheduleSet',
      examples: [
        { schedules: [{ model_id: '550e8400-e29b-41d4-a716-446655440000', cron_expression: '*/5 * * * *' }] },
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
