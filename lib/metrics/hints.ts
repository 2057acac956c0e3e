import type { ClassCounts } from './counts/confusion';
import type { Label } from './decode/labels';
import { listLabels } from './labelText';
import type { Interval } from './metric';

/** Beyond 2^53 two integers may be one double. */
const asNumber = (label: string): string => {
  const value = Number(label);
  return label.trim() && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : label;
};

const spellings: [what: string, normal: (label: string) => string][] = [
  ['white space around them', (label) => label.trim()],
  ['upper and lower case', (label) => label.trim().toLowerCase()],
  ['how numbers are written', asNumber],
];

/** What may be wrong with labels that can be scored all the same. */
export const labelHints = ({ labels, support, predicted }: ClassCounts): string[] => {
  const ofTrue = labels.filter((_, i) => (support[i] as number) > 0);
  const ofPred = labels.filter((_, i) => (predicted[i] as number) > 0);
  const inTrue: Column = { name: 'y_true', labels: ofTrue.map(String) };
  const inPred: Column = { name: 'y_pred', labels: ofPred.map(String) };
  const like = spelledLike(inPred, inTrue) ?? spelledLike(inTrue, inPred);
  if (like) return [like];
  const known = new Set(ofTrue);
  if (ofPred.some((label) => known.has(label))) return [];
  return [`y_true and y_pred have no label in common: ${listLabels(ofTrue)} and ${listLabels(ofPred)}`];
};

interface Column {
  name: 'y_true' | 'y_pred';
  labels: string[];
}

/** A label of one column that the other column would have too, were they spelled alike. */
const spelledLike = (one: Column, other: Column): string | undefined => {
  const known = new Set(other.labels);
  const strange = one.labels.filter((label) => !known.has(label));
  if (strange.length === 0) return undefined;
  for (const [what, normal] of spellings) {
    const normals = new Map(other.labels.map((label) => [normal(label), label]));
    const alike = strange.find((label) => normals.has(normal(label)));
    if (alike === undefined) continue;
    const meant = normals.get(normal(alike)) as Label;
    return `${listLabels([alike])} of ${one.name} and ${listLabels([meant])} of ${other.name} differ in ${what} only, so they count as two labels`;
  }
  return undefined;
};

const wide = 0.1;

/** Said of an interval that is wide. */
export const widthHint = (n: number, key: string, interval: Interval | null): string | undefined => {
  if (!interval || interval[1] - interval[0] <= wide) return undefined;
  const [low, high] = interval.map((value) => value.toFixed(2));
  return `${n} samples are few: ${key} may well lie anywhere between ${low} and ${high}`;
};
