import type { ClassCounts } from '../counts/confusion';
import type { Label } from '../decode/labels';
import { labelText, listLabels } from '../labelText';
import type { Options } from '../metric';

/** The labels that a column has. */
const presentLabels = ({ labels, support, predicted }: ClassCounts): Label[] =>
  labels.filter((_, i) => (support[i] as number) + (predicted[i] as number) > 0);

/** Where scikit-learn raises for average='binary': three classes, or two and neither is the positive label. */
export const whyNotBinary = (counts: ClassCounts, { pos, posLabel = 1 }: Options): string | undefined => {
  const { support, predicted } = counts;
  let present = 0;
  for (let i = 0; i < support.length; i++)
    if ((support[i] as number) + (predicted[i] as number) > 0) present++;
  if (present < 2) return undefined;
  if (present > 2) return `for two classes only, and there are ${present}: take an average, such as _macro`;
  if (pos >= 0 && (support[pos] as number) + (predicted[pos] as number) > 0) return undefined;
  return `pos_label ${labelText(posLabel)} is none of the labels ${listLabels(presentLabels(counts))}`;
};
