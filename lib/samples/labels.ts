import * as z from 'zod';

const kinds = ['string', 'number', 'boolean'];

const isLabel = (item: unknown) => kinds.includes(typeof item);

/** A list of items, or of rows of items. The first wrong one is told: naming all of a million would help nobody. */
const columnOf = (what: string, types: string[], isItem: (item: unknown) => boolean, examples: unknown[][]) =>
  z
    .custom<unknown[]>(Array.isArray, {
      error: ({ input }) => `${input === undefined ? 'is required: ' : 'must be '}a list of ${what}`,
    })
    .superRefine((list, context) => {
      const at = list.findIndex((item) => !isItem(item) && !(Array.isArray(item) && item.every(isItem)));
      if (at < 0) return;
      const message = `must be ${types.map((type) => (type === 'null' ? 'null' : `a ${type}`)).join(', ')} or a list of those`;
      context.addIssue({ code: 'custom', path: [at], message });
    })
    .meta({
      type: 'array',
      items: { anyOf: [{ type: types }, { type: 'array', items: { type: types } }] },
      examples,
    });

/** Predicted labels. */
export const labels = columnOf('labels', kinds, isLabel, [[1, 0, 1, 1]]);

/** True labels; null where one is not known yet. */
export const trueLabels = columnOf('labels', [...kinds, 'null'], (item) => item === null || isLabel(item), [
  [1, 0, 1, null],
]);

/** Scores or probabilities: one for each sample, or a row with one for each class. */
export const scores = columnOf('scores', ['number'], (item) => typeof item === 'number', [[0.9, 0.2, 0.7]]);
