import * as z from 'zod';

const kinds = ['string', 'number', 'boolean'];

const isLabel = (item: unknown) =>
  typeof item === 'number' || typeof item === 'string' || typeof item === 'boolean';

/** The first wrong item: naming all of a million would help nobody. */
const wrongItem = (list: unknown[]): number => {
  for (let at = 0; at < list.length; at++) {
    const item = list[at];
    if (!isLabel(item) && !(Array.isArray(item) && item.every(isLabel))) return at;
  }
  return -1;
};

/** A column of labels, or of rows of labels, all of JSON's kinds but null and objects. */
export const labels = z
  .custom<unknown[]>(Array.isArray, {
    error: ({ input }) => `${input === undefined ? 'is required: ' : 'must be '}a list of labels`,
  })
  .superRefine((list, context) => {
    const at = wrongItem(list);
    if (at < 0) return;
    const message = 'must be a string, a number, a boolean or a list of those';
    context.addIssue({ code: 'custom', path: [at], message });
  })
  .meta({
    type: 'array',
    items: { anyOf: [{ type: kinds }, { type: 'array', items: { type: kinds } }] },
    examples: [[1, 0, 1, 1]],
  });
