import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { rawMembers } from '../rawMembers';
import { addSegment, ColumnError, isSegment, readId, readTimestamp, requireText } from './columns';
import type { Kind, Row } from './rows';

type Members = Record<string, unknown>;

/** Numbers that JSON.parse would change: more than 15 digits, or an exponent. */
const mayChange = /\d{16}|\d[eE]/;

const isLabel = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const isNumber = (value: unknown): boolean => typeof value === 'number';

/** The JSON of a value, or of a list of such values. */
const readValue = (
  column: string,
  value: unknown,
  raw: string | undefined,
  isItem: (item: unknown) => boolean,
  what: string,
): string => {
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0 || !items.every(isItem)) {
    throw new ColumnError(
      column,
      `${value === undefined ? 'is required: ' : 'must be '}${what}, or a list of those`,
    );
  }
  const text = JSON.stringify(value);
  if (items.some((item) => typeof item === 'string')) requireText(column, items.join(''));
  return typeof value === 'string' ? text : (raw ?? text);
};

const label = 'a string, a number or a boolean';

const parseLine = (text: string): Members => {
  let members: unknown;
  try {
    members = JSON.parse(text);
  } catch (error) {
    const found = /\b(NaN|-?Infinity)\b/.exec(text)?.[0];
    if (found) throw new ColumnError('', `${found} is no JSON: leave the member out, or send null`);
    throw new ColumnError('', `is no JSON: ${(error as Error).message}`);
  }
  if (members === null || typeof members !== 'object' || Array.isArray(members)) {
    throw new ColumnError('', 'must be a JSON object');
  }
  return members as Members;
};

const readSegments = (kind: Kind, members: Members): Record<string, string> | null => {
  const segments: Record<string, string> = {};
  for (const [name, value] of Object.entries(members)) {
    if (!isSegment(kind, name) || value === null) continue;
    if (!isLabel(value))
      throw new ColumnError(name, 'must be a string, a number, a boolean or null, as a segment');
    addSegment(segments, name, String(value));
  }
  return Object.keys(segments).length > 0 ? segments : null;
};

const readLine = (kind: Kind, text: string, line: number, keepDays: number | undefined): Row => {
  const members = parseLine(text);
  const raw = mayChange.test(text) ? rawMembers(Buffer.from(text)) : {};
  const read = (column: string, isItem: typeof isLabel, what: string) =>
    readValue(column, members[column], raw[column], isItem, what);
  const { id, timestamp = null, y_true = null, y_score = null } = members;
  const isPrediction = kind === 'predictions';
  return {
    line,
    id: readId(id),
    timestamp: timestamp === null ? null : readTimestamp(timestamp, keepDays),
    y_pred: isPrediction ? read('y_pred', isLabel, label) : null,
    y_score: isPrediction && y_score !== null ? read('y_score', isNumber, 'a number') : null,
    y_true: isPrediction && y_true === null ? null : read('y_true', isLabel, label),
    segments: readSegments(kind, members),
  };
};

/** Rows, or what is wrong with a line, of `application/x-ndjson`: a JSON object a line. */
export async function* readNdjson(
  kind: Kind,
  input: Readable,
  keepDays: number | undefined,
): AsyncGenerator<Row | { line: number; error: ColumnError }> {
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    try {
      yield readLine(kind, text, line, keepDays);
    } catch (error) {
      if (!(error instanceof ColumnError)) throw error;
      yield { line, error };
    }
  }
}
