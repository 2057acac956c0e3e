import * as z from 'zod';
import { must } from './must';

/** An instant that somebody sends: ISO 8601 with an offset, read to the millisecond. */
export const instant = z.iso
  .datetime({ offset: true, ...must('a time such as "2026-03-01T12:00:00Z"') })
  .transform((text) => new Date(text))
  .refine((time) => /^\d{4}-/.test(time.toJSON()), 'must be in a year of four digits')
  .meta({ format: 'date-time', examples: ['2026-03-01T12:00:00Z'] });

/** An instant as it is answered: ISO 8601 in UTC, with milliseconds. */
export const instantText = z.iso.datetime().meta({ examples: ['2026-03-01T12:00:00.000Z'] });

/** How far a sender's clock may be ahead of ours. */
const clockSkewMs = 5 * 60_000;

/** Arguments of zod's `refine`: a time may be at most five minutes ahead. */
export const notInTheFuture = [
  (time: Date) => time.getTime() <= Date.now() + clockSkewMs,
  'must not be in the future (more than 5 minutes ahead of the server)',
] as const;
