import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ColumnError } from './columns';
import { type LabelType, LabelTypes, readCsv } from './csv';
import { readNdjson } from './ndjson';
import {
  copyLine,
  type Kind,
  type LabelSpelling,
  type LineError,
  maxLineBytes,
  mostErrors,
  type Row,
  type Upload,
} from './rows';

/** A few bytes may stand for gigabytes. */
const mostBytes = 256 * 1024 * 1024;

const chunkBytes = 64 * 1024;

async function* chunksOf(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function* atMost(input: AsyncIterable<Buffer>) {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let left = mostBytes;
  let lineBytes = 0;
  for await (const chunk of input) {
    left -= chunk.length;
    if (left < 0) throw new UploadError(`has more than ${mostBytes / 1024 ** 2} MiB: split it`);
    const newline = chunk.lastIndexOf(10);
    lineBytes = newline < 0 ? lineBytes + chunk.length : chunk.length - newline - 1;
    if (lineBytes > maxLineBytes) throw new UploadError(`has a line of more than ${maxLineBytes / 1024} KiB`);
    utf8.decode(chunk, { stream: true });
    yield chunk;
  }
  utf8.decode();
}

/** An upload that cannot be read to its end. */
class UploadError extends Error {}

/** The text, decompressed if it is gzip, in chunks. @throws UploadError, for what is no UTF-8 or no gzip too */
async function* textOf(bytes: Buffer) {
  const source = Readable.from(chunksOf(bytes));
  const plain = isGzip(bytes) ? source.pipe(createGunzip()) : source;
  try {
    yield* atMost(plain);
  } catch (error) {
    if (error instanceof UploadError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const isText = code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    throw new UploadError(isText ? 'is not valid UTF-8' : 'is no gzip, or cut short');
  }
}

export interface Read {
  /** Lines for COPY, in chunks. Ends early where something is wrong, and never throws: then there are `errors`. */
  lines: AsyncIterable<string>;
  /** Once `lines` has ended. */
  errors: LineError[];
  rows: number;
  spelling: () => LabelSpelling;
}

/**
 * Reads an upload in constant memory.
 * @param labelType of CSV; undefined: what the labels evidently are
 * @param keepDays how long predictions are kept; undefined: labels may be of any time
 */
export const readUpload = (
  kind: Kind,
  { type, bytes }: Upload,
  labelType: LabelType | undefined,
  keepDays: number | undefined,
): Read => {
  const types = new LabelTypes(labelType);
  const isCsv = type === 'text/csv';
  const read: Omit<Read, 'lines'> = {
    errors: [],
    rows: 0,
    spelling: () => (isCsv ? types.spelling : 'json'),
  };
  const lines = async function* () {
    const input = Readable.from(textOf(bytes));
    const found = isCsv ? readCsv(kind, input, keepDays, types) : readNdjson(kind, input, keepDays);
    try {
      yield* linesOf(found, read);
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      read.errors.push({ line: 0, column: '', message: error.message });
    }
  };
  return Object.assign(read, { lines: lines() });
};

async function* linesOf(
  found: AsyncIterable<Row | { line: number; error: ColumnError }>,
  read: Omit<Read, 'lines'>,
) {
  let chunk = '';
  for await (const one of found) {
    if ('error' in one) {
      read.errors.push({ line: one.line, column: one.error.column, message: one.error.message });
      if (read.errors.length === mostErrors) return;
    } else if (read.errors.length === 0) {
      read.rows++;
      chunk += copyLine(one);
      if (chunk.length < chunkBytes) continue;
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
