import { isDeepStrictEqual } from 'node:util';
import { sameData } from './dataSettings';
import { sameMetrics } from './metricSettings';
import { sameTiming } from './sameTiming';
import type { Settings } from './schedule';

/** Settings that only mean something together. */
const timing = ['cron_expression', 'timezone'];
const scoring = ['task', 'metrics', 'pos_label', 'labels'];
const samples = ['data', 'min_samples', 'min_coverage', 'segments', 'revise_for'];

/** The settings that mean something else than the stored ones, however they are spelt. */
export const changedFields = (stored: Settings, settings: Settings): string[] => {
  const same = [
    ...(sameTiming(stored, settings) ? timing : []),
    ...(sameMetrics(stored, settings) ? scoring : []),
    ...(sameData(stored, settings) ? samples : []),
  ];
  return (Object.keys(settings) as (keyof Settings)[]).filter(
    (name) => !same.includes(name) && !isDeepStrictEqual(stored[name], settings[name]),
  );
};
