import type { Numbers } from '../counts/numbers';
import { lossInterval } from '../intervals/mean';
import { mapInterval } from '../intervals/wilson';
import type { Metric, Options, Param } from '../metric';
import { sumOf } from '../sum';
import { mean, quantile, sortedTrue, weightedMedian } from './constants';

/** A mean over the samples of what an error costs, or its root. */
interface Loss {
  name: string;
  params?: Record<string, Param>;
  loss(yTrue: number, yPred: number, options: Options): number;
  root?: boolean;
  /** The constant that costs least. */
  constant(numbers: Numbers, options: Options): number;
  whyNot?(numbers: Numbers): string | undefined;
}

const lossMean = ({ loss }: Loss, { n, yTrue, yPred }: Numbers, options: Options): number =>
  sumOf(n, (i) => loss(yTrue[i] as number, yPred[i] as number, options)) / n;

const intervalOf = (spec: Loss, numbers: Numbers, options: Options) => {
  const { n, yTrue, yPred } = numbers;
  const centre = lossMean(spec, numbers, options);
  const squares = sumOf(n, (i) => (spec.loss(yTrue[i] as number, yPred[i] as number, options) - centre) ** 2);
  const interval = lossInterval(centre, squares / n, n);
  return spec.root ? mapInterval(interval, Math.sqrt) : interval;
};

export const constantly = (numbers: Numbers, value: number): Numbers => ({
  ...numbers,
  yPred: new Float64Array(numbers.n).fill(value),
});

export const lossMetric = (spec: Loss): Metric<'numbers'> => {
  const compute = (numbers: Numbers, options: Options): number => {
    if (spec.whyNot?.(numbers)) return Number.NaN;
    const value = lossMean(spec, numbers, options);
    return spec.root ? Math.sqrt(value) : value;
  };
  return {
    name: spec.name,
    tasks: ['regression'],
    needs: 'numbers',
    ...(spec.params && { params: spec.params }),
    range: [0, Number.POSITIVE_INFINITY],
    better: 'lower',
    compute,
    undefined: (numbers) => spec.whyNot?.(numbers),
    interval: (numbers, options) => intervalOf(spec, numbers, options),
    baseline: (numbers, options) =>
      spec.whyNot?.(numbers)
        ? Number.NaN
        : compute(constantly(numbers, spec.constant(numbers, options)), options),
  };
};

const squared = (yTrue: number, yPred: number): number => (yTrue - yPred) ** 2;

const meanTrue = ({ yTrue }: Numbers): number => mean(yTrue);

const squaredLog = (yTrue: number, yPred: number): number => (Math.log1p(yTrue) - Math.log1p(yPred)) ** 2;

const relativeTo = (yTrue: number): number => Math.max(Math.abs(yTrue), Number.EPSILON);

const whyNoLog = ({ yTrue, yPred }: Numbers): string | undefined => {
  for (const [column, values] of [
    ['y_true', yTrue],
    ['y_pred', yPred],
  ] as const) {
    const value = values.find((one) => one <= -1);
    if (value !== undefined) return `${column} holds ${value}, and the logarithm takes numbers above -1 only`;
  }
  return undefined;
};

const logConstant = ({ yTrue }: Numbers): number => Math.expm1(mean(yTrue.map(Math.log1p)));

/** sklearn.metrics' means of losses, each with its constant of least loss. */
export const meanLosses: Metric<'numbers'>[] = [
  {
    name: 'mean_absolute_error',
    loss: (yTrue: number, yPred: number) => Math.abs(yTrue - yPred),
    constant: (numbers: Numbers) => quantile(sortedTrue(numbers), 0.5),
  },
  { name: 'mean_squared_error', loss: squared, constant: meanTrue },
  { name: 'root_mean_squared_error', loss: squared, constant: meanTrue, root: true },
  {
    name: 'mean_absolute_percentage_error',
    loss: (yTrue: number, yPred: number) => Math.abs(yPred - yTrue) / relativeTo(yTrue),
    constant: (numbers: Numbers) => weightedMedian(sortedTrue(numbers), (value) => 1 / relativeTo(value)),
  },
  { name: 'mean_squared_log_error', loss: squaredLog, constant: logConstant, whyNot: whyNoLog },
  {
    name: 'root_mean_squared_log_error',
    loss: squaredLog,
    constant: logConstant,
    whyNot: whyNoLog,
    root: true,
  },
  {
    name: 'mean_pinball_loss',
    params: { alpha: { default: 0.5, min: 0, max: 1 } },
    loss: (yTrue: number, yPred: number, { params }: Options) => {
      const alpha = params.alpha as number;
      const difference = yTrue - yPred;
      return difference >= 0 ? alpha * difference : (alpha - 1) * difference;
    },
    constant: (numbers: Numbers, { params }: Options) =>
      quantile(sortedTrue(numbers), params.alpha as number),
  },
].map(lossMetric);
