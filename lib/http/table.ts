import { stringify } from 'csv-stringify/sync';
import type * as z from 'zod';

/** The list in a response, for those who want it as CSV or NDJSON. */
export interface Table {
  /** One row: its top-level names are the first columns of a CSV file, whether there are rows or not. */
  schema: z.ZodObject;
  /** Query parameters that bring the next page; undefined on the last. */
  next?: (body: never, asked: Record<string, string | undefined>) => Record<string, string> | undefined;
  rows: (body: never) => object[];
}

export const tableTypes = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;
export type TableFormat = keyof typeof tableTypes;

type Cell = string | number | boolean | null;

/** What is inside an object gets a column of its own, `metrics.accuracy`; an interval two; any other list is JSON. */
const flatten = (value: unknown, path: string, cells: Map<string, Cell>): Map<string, Cell> => {
  if (Array.isArray(value) && path.startsWith('intervals.')) {
    cells.set(`${path}.low`, value[0]).set(`${path}.high`, value[1]);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value)) {
      flatten(inner, path === '' ? name : `${path}.${name}`, cells);
    }
  } else
    cells.set(path, typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell));
  return cells;
};

/** In the order of the schema, what is inside an object where the object stands; `metrics` itself only if all are empty. */
const columnsOf = (schema: z.ZodObject, rows: Map<string, Cell>[]): string[] => {
  const found = new Set(rows.flatMap((row) => [...row.keys()]));
  return Object.keys(schema.shape).flatMap((name) => {
    const inner = [...found].filter((column) => column.startsWith(`${name}.`));
    return inner.length > 0 ? inner : [name];
  });
};

/**
 * By RFC 4180, with a header line. A text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay
 * as they are.
 */
const toCsv = ({ schema }: Table, rows: object[]): string => {
  const flat = rows.map((row) => flatten(row, '', new Map()));
  const columns = columnsOf(schema, flat);
  return stringify([columns, ...flat.map((row) => columns.map((column) => row.get(column) ?? null))], {
    record_delimiter: 'windows',
    escape_formulas: true,
    quoted_match: /[\r\n]/, // it looks for both together only
    cast: {
      number: (value) => ({ value: String(value), escape_formulas: false }),
      boolean: (value) => String(value),
    },
  });
};

export const toText = (table: Table, format: TableFormat, body: unknown): string => {
  const rows = table.rows(body as never);
  if (format === 'csv') return toCsv(table, rows);
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
};

const typesTaken = (accept: string) =>
  accept
    .split(',')
    .map((item) => {
      const [type = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return { type, q: q ? Number(q.slice(2)) : 1 };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);

/** Which format a request asks for: by `format`, or by Accept. Undefined: JSON. */
export const formatAsked = (
  format: string | undefined,
  accept: string | undefined,
): TableFormat | undefined => {
  if (format) return format === 'json' ? undefined : (format as TableFormat);
  for (const { type } of typesTaken(accept ?? '')) {
    if (type === 'text/csv') return 'csv';
    if (['application/x-ndjson', 'application/ndjson', 'application/jsonl'].includes(type)) return 'ndjson';
    if (['application/json', 'application/*', '*/*'].includes(type)) return undefined;
  }
  return undefined;
};
