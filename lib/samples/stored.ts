import * as z from 'zod';
import { instantText } from '../runtime/instant';
import { plainText } from '../schedule/fields';

/** Sample rows, or predictions by id. */
export const kinds = ['rows', 'predictions'] as const;
export type Kind = (typeof kinds)[number];

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

const json = z.unknown().meta({
  description: 'As JSON; an integer beyond 2^53 comes rounded, and is exact in table `predictions`',
});

export const predictionSchema = z
  .object({
    id: z.string(),
    timestamp: instantText,
    y_pred: json,
    y_score: json,
    y_true: json,
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

/** As PostgreSQL spells a time: to the microsecond at most. */
const time = z.string().refine((text) => {
  const [, local, offset = ''] = /^(\S+ [\d:]+(?:\.\d{1,6})?)([+-]\d\d(?::\d\d)?)$/.exec(text) ?? [];
  const iso = `${local?.replace(' ', 'T')}${offset.length === 3 ? `${offset}:00` : offset}`;
  const isOffset = /^[+-](0\d|1[0-4]):/.test(iso.slice(-6));
  return isOffset && !iso.startsWith('0000') && z.iso.datetime({ offset: true }).safeParse(iso).success;
});

const ids = { rows: z.string().regex(/^\d{1,18}$/), predictions: plainText.min(1).max(200) };

/** @returns undefined for what is no cursor of such a list */
export const readCursor = (of: Kind, text: string): Place | undefined => {
  try {
    const place = JSON.parse(Buffer.from(text, 'base64url').toString());
    const [at, id] = z.tuple([time, ids[of]]).parse(place);
    return { at, id };
  } catch {
    return undefined;
  }
};
