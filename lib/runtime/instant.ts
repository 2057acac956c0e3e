import * as z from 'zod';
import { must } from './must';

const aTime = must('a time such as "2026-03-01T12:00:00Z"').error;

const nearly = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?(\s?Z|[ +-]\d\d:?\d\d)?$/i;

/** What to write for what is nearly a time. */
const nearlyATime = (input: unknown): string => {
  if (typeof input === 'number') return ': text, not seconds since 1970';
  const [, date, minutes = '00:00', seconds = ':00', offset] = nearly.exec(String(input).trim()) ?? [];
  const zone = offset
    ?.trim()
    .replace(/^[+]?(-?\d\d):?(\d\d)$/, (_, hours, rest) =>
      hours.startsWith('-') ? `${hours}:${rest}` : `+${hours}:${rest}`,
    );
  const time = `${date}T${minutes}${seconds}${(zone ?? 'Z').toUpperCase()}`;
  if (!z.iso.datetime({ offset: true }).safeParse(time).success || time === input) return '';
  if (!offset) return `: the offset from UTC is missing; write "${time}" if it is UTC`;
  return `: write "${time}"${offset.startsWith(' ') ? ' (in a URL, + is %2B)' : ''}`;
};

/** An instant that somebody sends: ISO 8601 with an offset, read to the millisecond. */
export const instant = z.iso
  .datetime({ offset: true, error: ({ input }) => `${aTime({ input })}${nearlyATime(input)}` })
  .transform((text) => new Date(text))
  .refine(
    (time) => time.getUTCFullYear() >= 0 && time.getUTCFullYear() <= 9999,
    'must be in a year of four digits',
  )
  .meta({ format: 'date-time', examples: ['2026-03-01T12:00:00Z'] });

/** An instant as it is answered: ISO 8601 in UTC, with milliseconds. */
export const instantText = z.iso.datetime().meta({ examples: ['2026-03-01T12:00:00.000Z'] });

/** A time on the wall clock of a zone that is told beside it, to the minute. */
export const localText = z
  .string()
  .regex(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d$/)
  .meta({ examples: ['2026-03-01T13:00'] });

/** @param local milliseconds as if in UTC */
export const toLocalText = (local: number): string => new Date(local).toISOString().slice(0, -8);

/** How far a sender's clock may be ahead of ours. */
const clockSkewMs = 5 * 60_000;

/** Arguments of zod's `refine`: a time may be at most five minutes ahead. */
export const notInTheFuture = [
  (time: Date) => time.getTime() <= Date.now() + clockSkewMs,
  'must not be in the future (more than 5 minutes ahead of the server)',
] as const;
