import type { ClassCounts, Confusion } from './counts/confusion';
import type { Multilabel } from './counts/multilabel';
import type { Numbers } from './counts/numbers';
import type { Scores } from './counts/scores';
import type { Label } from './decode/labels';

export type Task = 'classification' | 'multilabel' | 'regression';

/** What metrics are computed from; the name of each is what a metric `needs`. */
export interface Counts {
  classes: ClassCounts;
  confusion: Confusion;
  multilabel: Multilabel;
  scores: Scores;
  numbers: Numbers;
}

/** A parameter: what it may be, and what it is if nothing is said. */
export interface Param {
  default?: number;
  integer?: boolean;
  min: number;
  /** `min` itself is too small. */
  above?: boolean;
  max?: number;
}

/** What the settings of a schedule mean for the counts at hand. */
export interface Options {
  /** Undefined where the settings do not say: then it is what scikit-learn's function takes. */
  posLabel: Label | undefined;
  /** Where the positive label stands in the labels of the counts; -1 if it is not there. */
  pos: number;
  /** The labels of the settings. Undefined: all that there are. */
  labels: readonly Label[] | undefined;
  /** Where they stand in the labels of the counts; -1 for those that are not there. */
  chosen: Int32Array | undefined;
  params: Record<string, number>;
}

export type Interval = [low: number, high: number];

/** One number of scikit-learn's. */
export interface Metric<Need extends keyof Counts = keyof Counts> {
  /** scikit-learn's name of the function or scorer, without `_score`. */
  name: string;
  tasks: readonly Task[];
  needs: Need;
  params?: Record<string, Param>;
  /** For two classes only. */
  binary?: true;
  range: readonly [low: number, high: number];
  better: 'higher' | 'lower';
  /** NaN where it is undefined. */
  compute(counts: Counts[Need], options: Options): number;
  /** Why it is undefined, or which classes an average counts as 0 for being so. */
  undefined?(counts: Counts[Need], options: Options): string | undefined;
  /** Of 95 %; `bootstrap` resamples the counted cells. None where no honest one is known. */
  interval?: 'bootstrap' | ((counts: Counts[Need], options: Options, value: number) => Interval | null);
  /** The value for the best constant prediction, if it takes more than the constant classes of `baseline`. */
  baseline?(counts: Counts[Need], options: Options): number;
}

export type AnyMetric = { [Need in keyof Counts]: Metric<Need> }[keyof Counts];
