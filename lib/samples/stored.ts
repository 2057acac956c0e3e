import * as z from 'zod';
import { instantText } from '../runtime/instant';

/** Sample rows, or predictions by id. */
export const kinds = ['rows', 'predictions'] as const;

export const sampleRowSchema = z
  .object({
    results_id: z.int(),
    timestamp: instantText,
    bytes: z.int().meta({ description: 'On disk' }),
  })
  .meta({
    id: 'SampleRow',
    examples: [{ results_id: 1, timestamp: '2026-03-01T11:58:30.000Z', bytes: 72 }],
  });

const json = z.unknown();

export const predictionSchema = z
  .object({
    id: z.string(),
    timestamp: instantText,
    y_pred: json,
    y_score: json,
    y_true: json.meta({ description: 'null while it has no label' }),
    label_timestamp: instantText.nullable(),
    segments: z.record(z.string(), z.string()),
  })
  .meta({
    id: 'Prediction',
    examples: [
      {
        id: '7f3a',
        timestamp: '2026-03-01T11:58:30.000Z',
        y_pred: 1,
        y_score: 0.93,
        y_true: null,
        label_timestamp: null,
        segments: { country: 'DE' },
      },
    ],
  });

/** Where a page ended: the time to the microsecond, as PostgreSQL spells it, and the id. */
export interface Place {
  at: string;
  id: string;
}

export const toCursor = ({ at, id }: Place): string =>
  Buffer.from(JSON.stringify([at, id])).toString('base64url');

const place = z.tuple([
  z.string().regex(/^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/),
  z.string(),
]);

/** @returns undefined for what is no cursor */
export const readCursor = (text: string): Place | undefined => {
  try {
    const [at, id] = place.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { at, id };
  } catch {
    return undefined;
  }
};
