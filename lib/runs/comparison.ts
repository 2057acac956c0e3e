import type { Reference } from '../schedule/schedule';
import type { Result } from './result';

export interface Compared {
  scheduled_time: string;
  metrics: Record<string, number | null>;
  /** This result's value less the reference's. */
  difference: Record<string, number | null>;
  /** Whether the two intervals have a value in common; null where one is not known. */
  overlaps: Record<string, boolean | null>;
}

type Interval = Result['intervals'][string] | undefined;

const overlap = (a: Interval, b: Interval): boolean | null => {
  const [aLow, aHigh] = a ?? [];
  const [bLow, bHigh] = b ?? [];
  if (aLow === undefined || aHigh === undefined || bLow === undefined || bHigh === undefined) return null;
  return aLow <= bHigh && bLow <= aHigh;
};

/** A result beside the run that its model's runs are compared with. */
export const compare = (
  { metrics, intervals }: Pick<Result, 'metrics' | 'intervals'>,
  reference: Reference,
): Compared => {
  const keys = Object.keys(metrics).filter((key) => key in reference.metrics);
  const of = <T>(value: (key: string) => T) => Object.fromEntries(keys.map((key) => [key, value(key)]));
  return {
    scheduled_time: reference.scheduled_time,
    metrics: of((key) => reference.metrics[key] ?? null),
    difference: of((key) => {
      const [now, then] = [metrics[key], reference.metrics[key]];
      return now == null || then == null ? null : now - then;
    }),
    overlaps: of((key) => overlap(intervals[key], reference.intervals[key])),
  };
};
