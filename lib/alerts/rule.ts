import * as z from 'zod';
import { catalogue } from '../metrics/catalogue';
import { must } from '../runtime/must';
import { plainText } from '../schedule/fields';
import { planMetrics, type Wanted } from '../schedule/metricSettings';

/** Rules that every model has, unless one of the same name says otherwise. */
export const builtIn = ['missed', 'invalid_data', 'stale_data'] as const;
type BuiltIn = (typeof builtIn)[number];

export const ruleName = z
  .string(must('a name'))
  .regex(/^[a-z0-9][a-z0-9_-]{0,49}$/, 'must be 1 to 50 of a-z, 0-9, "_" and "-"')
  .meta({ description: 'Of the rule', examples: ['accuracy-low'] });

const bound = z
  .union(
    [z.number(), z.enum(['baseline', 'reference', 'mean'])],
    must('a number, "baseline", "reference" or "mean"'),
  )
  .optional();

const ofRuns = z.strictObject({
  of: z.int().min(1).max(20).default(1).meta({ description: 'Of the last so many runs' }),
  at_least: z.int().min(1).max(20).default(1).meta({ description: 'so many have to be beyond it' }),
});

export const severities = ['warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

const fields = {
  metric: plainText
    .max(200)
    .optional()
    .meta({ description: 'The key of a metric that the schedule computes' }),
  below: bound.meta({
    description:
      'Fires below this number; or below the baseline, the reference, or the mean of the `last` runs, less `by`',
  }),
  above: bound.meta({ description: 'Fires above it, or above one of these, plus `by`' }),
  by: z.number().optional().meta({ description: 'How far from the baseline, the reference or the mean' }),
  last: z.int().min(1).max(100).optional().meta({ description: 'How many runs the mean is of' }),
  clear: z.number().optional().meta({
    description: 'The number, or `by`, at which it is over: between the two nothing changes',
  }),
  segment: z
    .record(plainText.min(1).max(100), plainText.max(1000).nullable())
    .optional()
    .meta({
      description: 'Only these samples; null: all but the hundred largest values',
      examples: [{ country: 'DE' }],
    }),
  for: ofRuns.default({ of: 1, at_least: 1 }),
  sure: z.boolean().default(false).meta({ description: 'Fires only if the whole interval is beyond it' }),
  min_samples: z.int().min(0).max(1_000_000_000).default(0).meta({
    description: 'A run of fewer samples is one without data',
  }),
  no_data: z.enum(['keep', 'ok', 'firing']).default('keep').meta({
    description: 'What a run without this metric is: nothing, not beyond it, or beyond it',
  }),
  severity: z.enum(severities).default('warning'),
  enabled: z.boolean().default(true),
};

export const ruleSchema = z.strictObject(fields).meta({
  id: 'Rule',
  examples: [{ metric: 'accuracy', below: 0.8, clear: 0.85, for: { of: 3, at_least: 2 } }],
});

/** A condition on a model's runs, as it is stored in `alert_rules.rule`. */
export type Rule = z.output<typeof ruleSchema>;

interface RuleError {
  path: string;
  message: string;
}

const isBuiltIn = (name: string): name is BuiltIn => (builtIn as readonly string[]).includes(name);

/** A built-in rule knows by itself what it is about. */
const builtInErrors = (name: BuiltIn, rule: Rule): RuleError[] => {
  const own = ['metric', 'below', 'above', 'by', 'last', 'clear', 'segment'] as const;
  const errors = own
    .filter((field) => rule[field] !== undefined)
    .map((path) => ({ path, message: `is nothing for the rule "${name}": send severity, enabled or for` }));
  if (name !== 'invalid_data' && rule.for.of > 1)
    errors.push({
      path: 'for' as never,
      message: `is nothing for the rule "${name}", which is about no run`,
    });
  return errors;
};

/** Of the key of a metric, which may end in parameters: fbeta_2. */
const metricNamed = (key: string) => catalogue.find(({ name }) => key === name || key.startsWith(`${name}_`));

const metricError = ({ metric }: Rule, wanted: Wanted | undefined): RuleError[] => {
  if (metric === undefined) return [{ path: 'metric', message: 'is required: the metric that it is about' }];
  const checked = wanted && planMetrics(wanted);
  const keys = checked?.ok ? checked.plan.asked.map(({ key }) => key) : undefined;
  if (keys && !keys.includes(metric)) {
    const message = `is not computed by the schedule: choose one of ${keys.join(', ')}, or add it to its metrics`;
    return [{ path: 'metric', message }];
  }
  return metricNamed(metric) ? [] : [{ path: 'metric', message: 'must be the key of a metric' }];
};

const boundErrors = ({ below, above, by, last, segment }: Rule): RuleError[] => {
  const against = below ?? above;
  if (against === undefined || (below !== undefined && above !== undefined))
    return [{ path: 'below', message: 'or above is required, and not both' }];
  const errors: RuleError[] = [];
  const relative = typeof against === 'string';
  if (relative && by === undefined)
    errors.push({ path: 'by', message: `is required: how far from the ${against}` });
  if (!relative && by !== undefined)
    errors.push({ path: 'by', message: 'goes with "baseline", "reference" or "mean", not with a number' });
  if ((against === 'mean') !== (last !== undefined))
    errors.push({ path: 'last', message: 'goes with "mean": of how many runs' });
  if (segment && relative && against !== 'mean')
    errors.push({ path: 'segment', message: `has no ${against}: compare it with a number or the mean` });
  if (segment && Object.keys(segment).length !== 1)
    errors.push({ path: 'segment', message: 'must be one name with its value' });
  return errors;
};

const segmentErrors = ({ segment }: Rule, has: readonly string[]): RuleError[] => {
  const [name = ''] = Object.keys(segment ?? {});
  if (!segment || has.includes(name)) return [];
  const choice = has.length > 0 ? `choose one of ${has.join(', ')}, or add it to` : 'add it to';
  return [{ path: 'segment', message: `is no segment of the schedule: ${choice} its segments` }];
};

/** Whether it can ever fire and clear again. */
const thresholdErrors = ({ metric, below, above, by, clear }: Rule): RuleError[] => {
  const range = metricNamed(metric ?? '')?.range ?? [-Infinity, Infinity];
  const relative = typeof (below ?? above) === 'string';
  const [fires, over] = relative ? [by, clear ?? by] : [below ?? above, clear ?? below ?? above];
  if (typeof fires !== 'number' || typeof over !== 'number') return [];
  const [low, high] = range;
  if (relative && fires > high - low)
    return [{ path: 'by', message: `can never fire: ${metric} is from ${low} to ${high}` }];
  if (relative && over <= low - high)
    return [{ path: 'clear', message: `can never clear: ${metric} is from ${low} to ${high}` }];
  if (relative)
    return over > fires
      ? [{ path: 'clear', message: `must be at most ${fires}, or it is over before it fires` }]
      : [];
  const side = below === undefined ? 'above' : 'below';
  if (side === 'below' ? fires <= low : fires >= high)
    return [{ path: side, message: `can never fire: ${metric} is from ${low} to ${high}` }];
  if (side === 'below' ? over < fires : over > fires)
    return [
      {
        path: 'clear',
        message: `must be ${side === 'below' ? 'at least' : 'at most'} ${fires}, or it is over before it fires`,
      },
    ];
  if (side === 'below' ? over > high : over < low)
    return [
      {
        path: clear === undefined ? side : 'clear',
        message: `can never clear: ${metric} is from ${low} to ${high}`,
      },
    ];
  return [];
};

/**
 * What is wrong with a rule, field by field.
 * @param wanted what the schedule computes; undefined for the rule of a tag, whose models differ
 */
export const ruleErrors = (
  name: string,
  rule: Rule,
  wanted?: Wanted & { segments: string[] },
): RuleError[] => {
  const { of, at_least } = rule.for;
  const counts =
    at_least > of
      ? [{ path: 'for.at_least', message: `must be at most ${of}, the runs that are looked at` }]
      : [];
  if (isBuiltIn(name)) return [...builtInErrors(name, rule), ...counts];
  const segments = wanted ? segmentErrors(rule, wanted.segments) : [];
  const errors = [...metricError(rule, wanted), ...boundErrors(rule), ...segments, ...counts];
  return errors.length > 0 ? errors : thresholdErrors(rule);
};
