import { jsonFault } from '../../runtime/jsonFault';
import { rawMembers } from '../rawMembers';
import {
  addSegment,
  ColumnError,
  isSegment,
  type ReadTimestamp,
  readId,
  requireText,
  segmentsOf,
} from './columns';
import type { Found, Kind, Row } from './rows';

type Members = Record<string, unknown>;

const isNumber = (value: unknown): boolean => Number.isFinite(value);
const isLabel = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'boolean' || isNumber(value);

/** The JSON of a member of a line; an integer beyond 2^53 as it is spelt, since JSON.parse changes it. */
const spell = (line: string, name: string, value: unknown): string => {
  const spelt =
    Number.isInteger(value) && !Number.isSafeInteger(value) && rawMembers(Buffer.from(line))[name];
  return spelt && /^-?\d+$/.test(spelt) ? spelt : JSON.stringify(value);
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

const readSegments = (kind: Kind, members: Members, line: string): string | null => {
  const segments: string[] = [];
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (!isSegment(kind, name) || value === null) continue;
    if (!isLabel(value))
      throw new ColumnError(name, 'must be a string, a number, a boolean or null, as a segment');
    addSegment(segments, name, typeof value === 'string' ? value : spell(line, name, value));
  }
  return segmentsOf(segments);
};

const readLine = (kind: Kind, text: string, line: number, readTimestamp: ReadTimestamp): Row => {
  const members = parseLine(text);
  const read = (column: string, isItem: typeof isLabel, what: string) =>
    readValue(column, members[column], spell(text, column, members[column]), isItem, what);
  const { id, timestamp = null, y_true = null, y_score = null } = members;
  const isPrediction = kind === 'predictions';
  return {
    line,
    id: readId(typeof id === 'number' ? spell(text, 'id', id) : id),
    timestamp: timestamp === null ? null : readTimestamp(timestamp),
    y_pred: isPrediction ? read('y_pred', isLabel, label) : null,
    y_score: isPrediction && y_score !== null ? read('y_score', isNumber, 'a number') : null,
    y_true: isPrediction && y_true === null ? null : read('y_true', isLabel, label),
    segments: readSegments(kind, members, text),
  };
};

function* readLines(
  kind: Kind,
  lines: string[],
  before: number,
  readTimestamp: ReadTimestamp,
): Generator<Found> {
  for (const [i, text] of lines.entries()) {
    if (text.trim() === '') continue;
    const line = before + i + 1;
    try {
      yield readLine(kind, text, line, readTimestamp);
    } catch (error) {
      if (!(error instanceof ColumnError)) throw error;
      yield { line, error };
    }
  }
}

/** Rows, or what is wrong with a line, of `application/x-ndjson`: a JSON object a line. */
export async function* readNdjson(
  kind: Kind,
  blocks: AsyncIterable<string>,
  readTimestamp: ReadTimestamp,
): AsyncGenerator<Iterable<Found>> {
  let before = 0;
  for await (const block of blocks) {
    const lines = block.split('\n');
    yield readLines(kind, lines, before, readTimestamp);
    before += lines.length - 1;
  }
}
