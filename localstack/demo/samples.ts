import { createHash } from 'node:crypto';

/** One prediction with its true label. */
export interface Sample {
  y_true: unknown;
  y_pred: unknown;
  y_score?: number;
}

/** Makes the sample of a seed, always the same. `quality` is the chance, 0 to 1, that a prediction is right. */
export type Sampler = (seed: string, quality: number) => Sample;

/** Eight numbers of [0, 1). */
export const numbersOf = (seed: string): [number, number, ...number[]] => {
  const digest = createHash('sha256').update(seed).digest();
  const at = (index: number) => digest.readUInt32BE(index * 4) / 2 ** 32;
  return [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
};

/** Labels 0 and 1, with the probability of 1; `share` of the true ones are 1. */
export const binary =
  (share: number): Sampler =>
  (seed, quality) => {
    const [truth, luck, confidence = 0] = numbersOf(seed);
    const y_true = truth < share ? 1 : 0;
    const right = luck < quality;
    const y_pred = right ? y_true : 1 - y_true;
    const distance = (right ? Math.sqrt(confidence) : confidence ** 2) / 2;
    return { y_true, y_pred, y_score: Number((y_pred ? 0.5 + distance : 0.5 - distance).toFixed(4)) };
  };

/** One of several classes, the first ones more often. */
export const oneOf =
  (...classes: string[]): Sampler =>
  (seed, quality) => {
    const [truth, luck, other = 0] = numbersOf(seed);
    const index = Math.floor(truth ** 1.5 * classes.length);
    const step = luck < quality ? 0 : 1 + Math.floor(other * (classes.length - 1));
    return { y_true: classes[index], y_pred: classes[(index + step) % classes.length] };
  };

/** Several labels at once, as indicators. */
export const indicators =
  (labels: number): Sampler =>
  (seed, quality) => {
    const truth = numbersOf(seed).slice(0, labels);
    const luck = numbersOf(`${seed} luck`);
    const y_true = truth.map((number) => (number < 0.4 ? 1 : 0));
    return { y_true, y_pred: y_true.map((bit, index) => ((luck[index] ?? 0) < quality ? bit : 1 - bit)) };
  };

/** A quantity, off by up to what `quality` leaves of it. */
export const quantity =
  (least: number, most: number): Sampler =>
  (seed, quality) => {
    const [truth, one, two = 0] = numbersOf(seed);
    const y_true = least + truth ** 2 * (most - least);
    const off = (one + two - 1) * (1 - quality) * (most - least);
    return { y_true: Number(y_true.toFixed(2)), y_pred: Number((y_true + off).toFixed(2)) };
  };
