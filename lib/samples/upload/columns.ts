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
const isText = (text: string): boolean => /^[^\0\p{Cs}]*$/u.test(text);

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
const recent = instant.refine(...notInTheFuture);

/** pandas writes a space before the time of day, as RFC 3339 allows. */
const withT = (text: unknown) =>
  typeof text === 'string' ? text.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T') : text;

/** @param keepDays older predictions would be deleted at once; undefined: any time will do */
export const readTimestamp = (text: unknown, keepDays: number | undefined): Date => {
  const read = recent.safeParse(withT(text));
  if (!read.success) throw new ColumnError('timestamp', read.error.issues[0]?.message as string);
  if (keepDays !== undefined && read.data.getTime() < Date.now() - keepDays * dayMs) {
    throw new ColumnError(
      'timestamp',
      `must not be older than ${keepDays} days, which predictions are kept for`,
    );
  }
  return read.data;
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

export const addSegment = (segments: Record<string, string>, name: string, value: string): void => {
  if (name.length > limits.segmentName) {
    throw new ColumnError(name, `must have a name of at most ${limits.segmentName} characters`);
  }
  if (value.length > limits.segmentValue) {
    throw new ColumnError(name, `must have at most ${limits.segmentValue} characters, as a segment`);
  }
  if (Object.keys(segments).length === limits.segments) {
    throw new ColumnError(name, `is one segment too many: a prediction has at most ${limits.segments}`);
  }
  segments[requireText(name, name)] = requireText(name, value);
};
