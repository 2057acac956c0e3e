import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { jsonFault } from '../../runtime/jsonFault';
import { rawMembers } from '../rawMembers';
import { addSegment, ColumnError, isSegment, readId, readTimestamp, requireText } from './columns';
import type { Kind, Row } from './rows';

type Members = Record<string, unknown>;

const isNumber = (value: unknown): boolean => Number.isFinite(value);
const isLabel = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || isNumber(value);

/** The JSON of each member; integers beyond 2^53 as they are spelt, since JSON.parse changes them. */
const spellingOf = (line: string): ((name: string, value: unknown) => string) => {
  const raw = /\d{16}/.test(line) ? new Map(Object.entries(rawMembers(Buffer.from(line)))) : new Map();
  return (name, value) => {
    const spelt = raw.get(name);
    return /^-?\d+$/.test(spelt) && !Number.isSafeInteger(value) ? spelt : JSON.stringify(value);
  };
};

/** The JSON of a value, or of a list of such values. */
const readValue = (
  column: string,
  value: unknown,
  spelling: string,
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
  if (items.some((item) => typeof item === 'string')) requireText(column, items.join(''));
  return spelling;
};

const label = 'a string, a number of 64 bits or a boolean';

const parseLine = (text: string): Members => {
  let members: unknown;
  try {
    members = JSON.parse(text);
  } catch (error) {
    throw new ColumnError('', `is no JSON: ${jsonFault(text, error as Error)}`);
  }
  if (members === null || typeof members !== 'object' || Array.isArray(members)) {
    throw new ColumnError('', 'must be a JSON object');
  }
  return members as Members;
};

const readSegments = (
  kind: Kind,
  members: Members,
  spelling: (name: string, value: unknown) => string,
): Record<string, string> | null => {
  const segments: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(members)) {
    if (!isSegment(kind, name) || value === null) continue;
    if (!isLabel(value))
      throw new ColumnError(name, 'must be a string, a number, a boolean or null, as a segment');
    addSegment(segments, name, typeof value === 'string' ? value : spelling(name, value));
  }
  return Object.keys(segments).length > 0 ? segments : null;
};

const readLine = (kind: Kind, text: string, line: number, keepDays: number | undefined): Row => {
  const members = parseLine(text);
  const spelling = spellingOf(text);
  const read = (column: string, isItem: typeof isLabel, what: string) =>
    readValue(column, members[column], spelling(column, members[column]), isItem, what);
  const { id, timestamp = null, y_true = null, y_score = null } = members;
  const isPrediction = kind === 'predictions';
  return {
    line,
    id: readId(typeof id === 'number' ? spelling('id', id) : id),
    timestamp: timestamp === null ? null : readTimestamp(timestamp, keepDays),
    y_pred: isPrediction ? read('y_pred', isLabel, label) : null,
    y_score: isPrediction && y_score !== null ? read('y_score', isNumber, 'a number') : null,
    y_true: isPrediction && y_true === null ? null : read('y_true', isLabel, label),
    segments: readSegments(kind, members, spelling),
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
