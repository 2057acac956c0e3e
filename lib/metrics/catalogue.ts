import { accuracyMetrics } from './classification/accuracy';
import { balancedAccuracy } from './classification/balancedAccuracy';
import { cohenKappa } from './classification/cohenKappa';
import { matthewsCorrcoef } from './classification/matthewsCorrcoef';
import { ratioMetrics } from './classification/ratios';
import type { AnyMetric, Task } from './metric';
import { d2AbsoluteError } from './regression/d2AbsoluteError';
import { maxError, medianAbsoluteError } from './regression/errors';
import { explainedMetrics } from './regression/explained';
import { meanLosses } from './regression/meanLosses';
import { averagePrecision } from './scores/averagePrecision';
import { calibrationError } from './scores/calibrationError';
import { brierScore, logLoss } from './scores/probabilityLosses';
import { rocAucMetrics } from './scores/rocAuc';
import { topKAccuracy } from './scores/topKAccuracy';

/** All metrics there are. A name means one metric of each task. */
export const catalogue: readonly AnyMetric[] = [
  ...accuracyMetrics,
  balancedAccuracy,
  ...ratioMetrics,
  matthewsCorrcoef,
  cohenKappa,
  ...rocAucMetrics,
  averagePrecision,
  logLoss,
  brierScore,
  topKAccuracy,
  calibrationError,
  ...meanLosses,
  medianAbsoluteError,
  maxError,
  ...explainedMetrics,
  d2AbsoluteError,
];

export const metricsOf = (task: Task): AnyMetric[] => catalogue.filter(({ tasks }) => tasks.includes(task));

export const findMetric = (task: Task, name: string): AnyMetric | undefined =>
  metricsOf(task).find((metric) => metric.name === name);
