import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { must } from '../runtime/must';
import { durationMs } from './duration';

const longestMs = durationMs('P366D') as number;

const duration = (shortestMs: number, example: string) => {
  const right = must(
    `an ISO 8601 duration such as "${example}", of weeks, days, hours and minutes, ${shortestMs > 0 ? 'a minute or more, ' : ''}at most "P366D"`,
  );
  return z.string(right).refine((text) => {
    const ms = durationMs(text);
    return ms !== undefined && ms >= shortestMs && ms <= longestMs;
  }, right);
};

const mostLast = 10_000_000;
const howMany = must(`a whole number from 1 to ${mostLast}`);

const windowOfTime = z.strictObject({
  window: duration(60_000, 'P1D').meta({ description: 'How long the window is', examples: ['P1D'] }),
  delay: duration(0, 'PT6H')
    .default('PT0S')
    .meta({
      description:
        'How long before the due time it ends, so that labels have time to come: it is [T - delay - window, T - delay)',
      examples: ['PT6H'],
    }),
});

const lastOnes = z.strictObject({ last: z.int(howMany).min(1, howMany).max(mostLast, howMany) });

export const data = z
  .union(
    [z.literal('newest_row'), windowOfTime, lastOnes],
    must('"newest_row", {"window": "P1D", "delay": "PT6H"} or {"last": 1000}'),
  )
  .meta({
    description:
      'What a run looks at: the newest sample row, the predictions of a window of time, or the last so many labelled ones',
    examples: ['newest_row', { window: 'P1D', delay: 'PT6H' }, { last: 1000 }],
  });

const atLeastOne = must('a whole number of samples, 1 or more, or null');
export const minSamples = z
  .int(atLeastOne)
  .min(1, atLeastOne)
  .max(2_147_483_647, atLeastOne)
  .nullable()
  .meta({
    description: 'With fewer labelled samples there is no number: the status is insufficient_data',
    examples: [100],
  });

const share = must('a share from 0 to 1, or null');
export const minCoverage = z
  .number(share)
  .min(0, share)
  .max(1, share)
  .nullable()
  .meta({
    description: 'The same for the share of predictions that have a label',
    examples: [0.8],
  });

export const segments = z
  .array(
    z
      .string()
      .min(1)
      .max(100)
      .refine((name) => /^[^\0\p{Cs}]*$/u.test(name), 'must have no NUL and no lone surrogate'),
    must('a list of names of segments'),
  )
  .max(10, 'must be at most 10 segments')
  .refine((names) => new Set(names).size === names.length, 'must name each segment once')
  .meta({
    description:
      'Columns of the predictions by whose values each metric is computed as well, for at most 100 values each',
    examples: [['country']],
  });

export const reviseFor = duration(0, 'P7D').meta({
  description: 'How long after its due time a run is computed again when labels of its window change',
  examples: ['P7D'],
});

const dataSchema = z.object({
  data,
  min_samples: minSamples,
  min_coverage: minCoverage,
  segments,
  revise_for: reviseFor,
});

/** Which data a schedule wants, and how much of it. */
export type DataSettings = z.output<typeof dataSchema>;

/** What does not fit together. */
export const dataErrors = ({ data, segments }: Pick<DataSettings, 'data' | 'segments'>) =>
  data === 'newest_row' && segments.length > 0
    ? [
        {
          path: ['segments'],
          message: 'sample rows have no segments: "data" must be a window or the last ones',
        },
      ]
    : [];

const meaningOf = ({ data, min_samples, min_coverage, segments, revise_for }: DataSettings) => ({
  data:
    typeof data === 'object' && 'window' in data
      ? { window: durationMs(data.window), delay: durationMs(data.delay) }
      : data,
  min_samples,
  min_coverage,
  segments,
  revise_for: durationMs(revise_for),
});

/** Whether two settings ask for the same, however their durations are spelt. */
export const sameData = (a: DataSettings, b: DataSettings): boolean =>
  isDeepStrictEqual(meaningOf(a), meaningOf(b));
