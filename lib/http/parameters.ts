import * as z from 'zod';
import { must } from '../runtime/must';
import { modelId } from '../schedule/modelId';

export const modelParams = z.strictObject({ model_id: modelId });

/** How many, in a query: decimal digits. */
export const count = (min: number, max: number, fallback: number) => {
  const range = must(`a whole number from ${min} to ${max}`);
  return z
    .preprocess(
      (text) => (/^\d{1,9}$/.test(String(text)) ? Number(text) : text),
      z.int(range).min(min, range).max(max, range),
    )
    .default(fallback);
};

/** The parameters that a request has. */
export const given = (asked: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** For callers that cannot say it in a header. */
export const format = z
  .enum(['json', 'csv', 'ndjson'])
  .optional()
  .meta({ description: 'Instead of the header Accept: text/csv or application/x-ndjson' });

/** Of a page of a list. */
export const pageLimit = count(1, 100, 50).meta({ description: 'How many to answer at most' });
