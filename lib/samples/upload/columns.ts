import * as z from 'zod';
import { instant, notInTheFuture } from '../../runtime/instant';
import type { Kind } from './rows';

/** What is wrong with one column of a line. */
export class ColumnError extends Error {
  constructor(
    readonly column: string,
    message: string,
  ) {
    super(message);
  }
}

const limits = { id: 200, segments: 20, segmentName: 100, segmentValue: 200 };

/** PostgreSQL holds no NUL and no half of a surrogate pair. */
const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

export const requireText = (column: string, text: string): string => {
  if (!isText(text)) throw new ColumnError(column, 'must have no NUL and no lone surrogate');
  return text;
};

export const readId = (id: unknown): string => {
  if (typeof id !== 'string' || id === '' || id.length > limits.id) {
    const found = id === undefined || id === '' ? 'is required: ' : 'must be ';
    throw new ColumnError('id', `${found}a text of 1 to ${limits.id} characters`);
  }
  return requireText('id', id);
};

const dayMs = 86_400_000;

export type ReadTimestamp = (text: unknown) => string;
const recent = instant.refine(...notInTheFuture);

/** pandas writes a space before the time of day, as RFC 3339 allows. */
const withT = (text: unknown) =>
  typeof text === 'string' ? text.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T') : text;

/** What toISOString writes. */
const plain = z.regexes.datetime({ precision: 3 });

/**
 * Reads times of an upload to ISO 8601 in UTC, to the millisecond.
 * @param keepDays older predictions would be deleted at once; undefined: any time will do
 */
export const timestampReader = (keepDays: number | undefined): ReadTimestamp => {
  const now = new Date();
  const oldest = new Date(keepDays === undefined ? 0 : now.getTime() - keepDays * dayMs);
  const [latestPlain, oldestPlain] = [now.toISOString(), oldest.toISOString()];
  return (text) => {
    const isPlain =
      typeof text === 'string' && text >= oldestPlain && text <= latestPlain && plain.test(text);
    if (isPlain) return text; // most are: no Date, no schema
    const read = recent.safeParse(withT(text));
    if (!read.success) throw new ColumnError('timestamp', read.error.issues[0]?.message as string);
    if (keepDays !== undefined && read.data < oldest) {
      throw new ColumnError(
        'timestamp',
        `must not be older than ${keepDays} days, which predictions are kept for`,
      );
    }
    return read.data.toISOString();
  };
};

const columnsOf: Record<Kind, string[]> = {
  predictions: ['id', 'y_pred', 'y_score', 'y_true', 'timestamp'],
  labels: ['id', 'y_true', 'timestamp'],
};

/** Columns of a prediction beyond the known ones are segments; a label has none. */
export const isSegment = (kind: Kind, column: string): boolean => {
  if (columnsOf[kind].includes(column)) return false;
  if (kind === 'predictions') return true;
  throw new ColumnError(column, `is no column of labels, which have ${columnsOf.labels.join(', ')}`);
};

/** @param segments members of a JSON object */
export const addSegment = (segments: string[], name: string, value: string): void => {
  if (name.length > limits.segmentName) {
    throw new ColumnError(name, `must have a name of at most ${limits.segmentName} characters`);
  }
  if (value.length > limits.segmentValue) {
    throw new ColumnError(name, `must have at most ${limits.segmentValue} characters, as a segment`);
  }
  if (segments.length === limits.segments) {
    throw new ColumnError(name, `is one segment too many: a prediction has at most ${limits.segments}`);
  }
  segments.push(`${JSON.stringify(requireText(name, name))}:${JSON.stringify(requireText(name, value))}`);
};

/** The JSON object; null without members. */
export const segmentsOf = (segments: string[]): string | null =>
  segments.length > 0 ? `{${segments.join(',')}}` : null;
