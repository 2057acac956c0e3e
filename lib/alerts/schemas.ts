import * as z from 'zod';
import { instantText } from '../runtime/instant';
import { name } from '../schedule/fields';
import { modelId } from '../schedule/modelId';
import { ruleName, ruleSchema, severities } from './rule';

export const alertStates = ['ok', 'pending', 'firing'] as const;
const severity = z.enum(severities);

const snooze = {
  snoozed_until: instantText.nullable(),
  snooze_note: z.string().nullable(),
};

const facts = z
  .looseObject({})
  .meta({ description: 'What is known of it: value, low, high, threshold, n_samples, error and the like' });

/** An alert in a list of all models'. */
export const alertSchema = z
  .object({
    model_id: modelId,
    name,
    rule: ruleName,
    state: z.enum(alertStates),
    severity,
    since: instantText,
    ...snooze,
    facts,
  })
  .meta({ id: 'Alert' });

export const alertExample: z.output<typeof alertSchema> = {
  model_id: '550e8400-e29b-41d4-a716-446655440000',
  name: 'Fraud, Europe',
  rule: 'accuracy-low',
  state: 'firing',
  severity: 'warning',
  since: '2026-03-01T12:00:00.000Z',
  snoozed_until: null,
  snooze_note: null,
  facts: { value: 0.75, low: 0.72, high: 0.78, threshold: 0.8, n_samples: 1200 },
};

/** A rule of a model, with its state. */
export const modelRuleSchema = z.object({
  rule: ruleName,
  definition: ruleSchema,
  source: z
    .enum(['model', 'tag', 'built-in'])
    .meta({ description: 'Its own; that of a tag that it has; or one that every model has' }),
  tag: z.string().nullable(),
  state: z.enum(alertStates),
  since: instantText.nullable(),
  ...snooze,
  facts,
});

export const definitionExample: z.output<typeof ruleSchema> = {
  metric: 'accuracy',
  below: 0.8,
  clear: 0.85,
  for: { of: 3, at_least: 2 },
  sure: false,
  min_samples: 0,
  no_data: 'keep',
  severity: 'warning',
  enabled: true,
};

export const modelRuleExample: z.output<typeof modelRuleSchema> = {
  rule: 'accuracy-low',
  definition: definitionExample,
  source: 'model',
  tag: null,
  state: 'ok',
  since: null,
  snoozed_until: null,
  snooze_note: null,
  facts: {},
};

export const notificationSchema = z.object({
  id: z.int(),
  rule: ruleName,
  kind: z.enum(['firing', 'resolved']),
  severity,
  at: instantText,
  held_until: instantText.nullable(),
  state: z
    .enum(['new', 'routed', 'dropped'])
    .meta({ description: 'dropped: it was over before anybody was to be told' }),
  facts,
  deliveries: z.array(
    z.object({
      channel: z.string(),
      state: z.enum(['waiting', 'sent', 'dead']),
      attempts: z.int(),
      error: z.string().nullable(),
    }),
  ),
});

export const windowSchema = z.object({
  id: z.int(),
  model_id: modelId.nullable(),
  tag: z.string().nullable(),
  starts_at: instantText,
  ends_at: instantText,
  note: z.string(),
});

export const windowExample: z.output<typeof windowSchema> = {
  id: 1,
  model_id: null,
  tag: 'production',
  starts_at: '2026-03-01T22:00:00.000Z',
  ends_at: '2026-03-02T02:00:00.000Z',
  note: 'The warehouse moves',
};
