import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import {
  addSegment,
  ColumnError,
  isSegment,
  type ReadTimestamp,
  readId,
  requireText,
  segmentsOf,
} from './columns';
import { type Found, type Kind, type LabelSpelling, maxLineBytes, type Row, UploadError } from './rows';

export type LabelType = 'string' | 'number' | 'boolean' | 'list';

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

const isNumber = (text: string): boolean => number.test(text) && Number.isFinite(Number(text));

const isList = (text: string): boolean => {
  if (!text.startsWith('[')) return false;
  try {
    return JSON.parse(text).length > 0;
  } catch {
    return false;
  }
};

/** What a text has to be for each type. pandas writes booleans as True and False. */
const isOfType: Record<Exclude<LabelType, 'string'>, (text: string) => boolean> = {
  number: isNumber,
  boolean: (text) => /^(true|false|True|False)$/.test(text),
  list: isList,
};

const right = { number: 'a number of 64 bits', boolean: 'true or false', list: 'a JSON list' };

/**
 * The type of an upload's labels, which CSV does not tell: the declared one, or what all of them can be; labels of which
 * that is different are strings.
 */
export class LabelTypes {
  private possible = new Set<LabelType>(['number', 'boolean', 'list']);

  constructor(private readonly declared: LabelType | undefined) {}

  read(column: string, text: string): string {
    const { declared } = this;
    if (!declared) {
      for (const type of this.possible) {
        if (type === 'string' || !isOfType[type](text)) this.possible.delete(type);
      }
    } else if (declared !== 'string' && !isOfType[declared](text)) {
      throw new ColumnError(column, `must be ${right[declared]}, as the labels of this model are`);
    }
    return requireText(column, text);
  }

  get spelling(): LabelSpelling {
    const [type = 'string'] = this.declared ? [this.declared] : this.possible;
    return type === 'string' ? 'strings' : type === 'boolean' ? 'booleans' : 'json';
  }
}

const readScore = (text: string): string => {
  if (isNumber(text) || (isList(text) && JSON.parse(text).every(Number.isFinite))) return text;
  throw new ColumnError('y_score', 'must be a number, or a JSON list of numbers');
};

const checkHeader = (kind: Kind, header: string[]): void => {
  for (const column of kind === 'predictions' ? ['id', 'y_pred'] : ['id', 'y_true']) {
    if (!header.includes(column))
      throw new ColumnError(column, `is required, and the header has ${header.join(', ')}`);
  }
  for (const [i, column] of header.entries()) {
    if (header.indexOf(column) < i) throw new ColumnError(column, 'is in the header twice');
    isSegment(kind, column);
  }
};

/** @throws UploadError: without a header nothing can be read */
const readHeader = (kind: Kind, { line, fields }: CsvRecord): string[] => {
  const header = fields.map((name) => name.trim());
  try {
    checkHeader(kind, header);
  } catch (error) {
    throw error instanceof ColumnError ? new UploadError(error.message, line, error.column) : error;
  }
  return header;
};

const readRecord = (
  kind: Kind,
  header: string[],
  { line, fields }: CsvRecord,
  types: LabelTypes,
  readTimestamp: ReadTimestamp,
): Row => {
  if (fields.length !== header.length) {
    throw new ColumnError('', `has ${fields.length} columns, and the header ${header.length}`);
  }
  const row: Row = {
    line,
    id: '',
    timestamp: null,
    y_pred: null,
    y_score: null,
    y_true: null,
    segments: null,
  };
  const segments: string[] = [];
  for (const [i, column] of header.entries()) {
    const text = fields[i] as string;
    if (column === 'id') row.id = readId(text);
    else if (text === '') continue;
    else if (column === 'timestamp') row.timestamp = readTimestamp(text);
    else if (column === 'y_score' && kind === 'predictions') row.y_score = readScore(text);
    else if (column === 'y_pred' || column === 'y_true') row[column] = types.read(column, text);
    else addSegment(segments, column, text);
  }
  const needed = kind === 'predictions' ? 'y_pred' : 'y_true';
  if (row[needed] === null) throw new ColumnError(needed, 'is required');
  row.segments = segmentsOf(segments);
  return row;
};

interface CsvRecord {
  line: number;
  fields: string[];
}

/** A chunk for COPY has as many: to send each row by itself would take longer than to read it. */
const recordsAtOnce = 1000;

async function* parsedRecords(text: AsyncIterable<string>, before: number) {
  const input = Readable.from(text);
  const records = input.pipe(
    parse({ info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: maxLineBytes }),
  );
  input.once('error', (error) => records.destroy(error));
  let found: CsvRecord[] = [];
  try {
    for await (const { record, info } of records) {
      found.push({ line: before + info.lines, fields: record });
      if (found.length < recordsAtOnce) continue;
      yield found;
      found = [];
    }
    yield found;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield found;
    throw new UploadError(`is no CSV: ${error.message}`, before + Number(error.lines ?? 1));
  }
}

function* plainRecords(lines: string[], before: number): Generator<CsvRecord> {
  for (const [i, text] of lines.entries()) {
    if (text !== '') yield { line: before + i + 1, fields: text.split(',') };
  }
}

async function* onwards(block: string, blocks: AsyncIterable<string>) {
  yield block;
  yield* blocks;
}

/** A line without quotes is a record: only from the first quote on does the parser read, which takes four times as long. */
async function* recordsOf(blocks: AsyncIterable<string>): AsyncGenerator<Iterable<CsvRecord>> {
  let before = 0;
  for await (const block of blocks) {
    if (/"|\r(?!\n)/.test(block)) return yield* parsedRecords(onwards(block, blocks), before);
    const lines = block.split(/\r?\n/);
    yield plainRecords(lines, before);
    before += lines.length - 1;
  }
}

/** Rows, or what is wrong with a line, of `text/csv` with a header. @throws UploadError */
export async function* readCsv(
  kind: Kind,
  blocks: AsyncIterable<string>,
  readTimestamp: ReadTimestamp,
  types: LabelTypes,
): AsyncGenerator<Iterable<Found>> {
  let header: string[] | undefined;
  const rowsOf = function* (records: Iterable<CsvRecord>): Generator<Found> {
    for (const record of records) {
      if (!header) {
        header = readHeader(kind, record);
        continue;
      }
      try {
        yield readRecord(kind, header, record, types, readTimestamp);
      } catch (error) {
        if (!(error instanceof ColumnError)) throw error;
        yield { line: record.line, error };
      }
    }
  };
  for await (const records of recordsOf(blocks)) yield rowsOf(records);
  if (!header) throw new UploadError('a header is required, such as id,y_pred', 1);
}
