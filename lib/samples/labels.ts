import * as z from 'zod';

const kinds = ['string', 'number', 'boolean'];

const isLabel = (item: unknown) =>
  typeof item === 'number' || typeof item === 'string' || typeof item === 'boolean';

interface Column {
  what: string;
  types: string[];
  isItem: (item: unknown) => boolean;
  /** A sample may have null, for what is not known yet. */
  nullable?: boolean;
  example: unknown[];
}

/** A list of items, or of rows of items. The first wrong one is told: naming all of a million would help nobody. */
const columnOf = ({ what, types, isItem, nullable = false, example }: Column) => {
  const isSample = (item: unknown) =>
    isItem(item) || (Array.isArray(item) && item.every(isItem)) || (nullable && item === null);
  const ofSample = nullable ? [...types, 'null'] : types;
  const right = [...types.map((type) => `a ${type}`), 'a list of those', ...(nullable ? ['null'] : [])];
  return z
    .custom<unknown[]>(Array.isArray, {
      error: ({ input }) => `${input === undefined ? 'is required: ' : 'must be '}a list of ${what}`,
    })
    .superRefine((list, context) => {
      let at = 0;
      while (at < list.length && isSample(list[at])) at++;
      if (at === list.length) return;
      const message = `must be ${right.slice(0, -1).join(', ')} or ${right.at(-1)}`;
      context.addIssue({ code: 'custom', path: [at], message });
    })
    .meta({
      type: 'array',
      items: { anyOf: [{ type: ofSample }, { type: 'array', items: { type: types } }] },
      examples: [example],
    });
};

/** Predicted labels. */
export const labels = columnOf({ what: 'labels', types: kinds, isItem: isLabel, example: [1, 0, 1, 1] });

/** True labels; null where one is not known yet. */
export const trueLabels = columnOf({
  what: 'labels',
  types: kinds,
  isItem: isLabel,
  nullable: true,
  example: [1, 0, 1, null],
});

/** Scores or probabilities: one for each sample, or a row with one for each class. */
export const scores = columnOf({
  what: 'scores',
  types: ['number'],
  isItem: (item) => typeof item === 'number',
  example: [0.9, 0.2, 0.7],
});
