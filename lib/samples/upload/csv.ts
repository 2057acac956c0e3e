import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { addSegment, ColumnError, isSegment, readId, readTimestamp, requireText } from './columns';
import { type Kind, type LabelSpelling, maxLineBytes, type Row } from './rows';

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

const readRecord = (
  kind: Kind,
  header: string[],
  record: string[],
  line: number,
  types: LabelTypes,
  keepDays: number | undefined,
): Row => {
  if (record.length !== header.length) {
    throw new ColumnError('', `has ${record.length} columns, and the header ${header.length}`);
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
  const segments: Record<string, string> = Object.create(null);
  for (const [i, column] of header.entries()) {
    const text = record[i] as string;
    if (column === 'id') row.id = readId(text);
    else if (text === '') continue;
    else if (column === 'timestamp') row.timestamp = readTimestamp(text, keepDays);
    else if (column === 'y_score' && kind === 'predictions') row.y_score = readScore(text);
    else if (column === 'y_pred' || column === 'y_true') row[column] = types.read(column, text);
    else addSegment(segments, column, text);
  }
  const needed = kind === 'predictions' ? 'y_pred' : 'y_true';
  if (row[needed] === null) throw new ColumnError(needed, 'is required');
  return { ...row, segments: Object.keys(segments).length > 0 ? segments : null };
};

/** Rows, or what is wrong with a line, of `text/csv` with a header. */
export async function* readCsv(
  kind: Kind,
  input: Readable,
  keepDays: number | undefined,
  types: LabelTypes,
): AsyncGenerator<Row | { line: number; error: ColumnError }> {
  const records = input.pipe(
    parse({
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: maxLineBytes,
    }),
  );
  input.once('error', (error) => records.destroy(error));
  let header: string[] | undefined;
  let line = 1;
  try {
    for await (const { record, info } of records as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      line = info.lines;
      try {
        if (!header) {
          header = record.map((name) => name.trim());
          checkHeader(kind, header);
        } else yield readRecord(kind, header, record, line, types, keepDays);
      } catch (error) {
        if (!(error instanceof ColumnError)) throw error;
        yield { line, error };
        if (line === 1) return; // without a header nothing can be read
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield {
      line: typeof error.lines === 'number' ? error.lines : line,
      error: new ColumnError('', `is no CSV: ${error.message}`),
    };
  }
  if (!header) yield { line: 1, error: new ColumnError('', 'a header is required, such as id,y_pred') };
}
