import type { ColumnError } from './columns';

export const uploadTypes = ['text/csv', 'application/x-ndjson'] as const;

/** The body of a request. */
export interface Upload {
  type: (typeof uploadTypes)[number];
  bytes: Buffer;
}

/** One line of an upload. Labels and scores are JSON, or the plain texts of CSV; segments are a JSON object. */
export interface Row {
  line: number;
  id: string;
  timestamp: string | null;
  y_pred: string | null;
  y_score: string | null;
  y_true: string | null;
  segments: string | null;
}

/** A line that was read, or what is wrong with it. */
export type Found = Row | { line: number; error: ColumnError };

/** What is wrong with a line, in which column of it. */
export interface LineError {
  line: number;
  column: string;
  message: string;
}

/** An upload that cannot be read any further. */
export class UploadError extends Error {
  constructor(
    message: string,
    readonly line = 0,
    readonly column = '',
  ) {
    super(message);
  }
}

/** How PostgreSQL makes JSON of the labels that were sent. */
export type LabelSpelling = 'json' | 'strings' | 'booleans';

/** What an upload holds: one prediction a line, or one label. */
export type Kind = 'predictions' | 'labels';

/** A line has at most so much, which is scores of ten thousand classes. */
export const maxLineBytes = 256 * 1024;

/** So many wrong lines are told. */
export const mostErrors = 20;

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const special = /[\\\t\n\r]/;
const allSpecial = new RegExp(special, 'g');

const cell = (text: string | null): string => {
  if (text === null) return '\\N';
  return special.test(text) ? text.replace(allSpecial, (char) => escapes[char] as string) : text;
};

/** As COPY takes it in copyPredictions.sql. https://www.postgresql.org/docs/current/sql-copy.html, "Text Format" */
export const copyLine = ({ line, id, timestamp, y_pred, y_score, y_true, segments }: Row): string => {
  const labels = `${cell(y_pred)}\t${cell(y_score)}\t${cell(y_true)}`;
  return `${line}\t${cell(id)}\t${timestamp ?? '\\N'}\t${labels}\t${cell(segments)}\n`;
};
