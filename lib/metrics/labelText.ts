import type { Label } from './decode/labels';

const most = 10;

export const labelText = (label: Label): string =>
  typeof label === 'string' ? JSON.stringify(label) : String(label);

/** So many labels as a sentence can hold. */
export const listLabels = (labels: readonly Label[]): string => {
  const named = labels.slice(0, most).map(labelText).join(', ');
  return labels.length > most ? `${named} and ${labels.length - most} more` : named;
};
