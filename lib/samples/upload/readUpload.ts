import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { timestampReader } from './columns';
import { type LabelType, LabelTypes, readCsv } from './csv';
import { readNdjson } from './ndjson';
import {
  copyLine,
  type Found,
  type Kind,
  type LabelSpelling,
  type LineError,
  maxLineBytes,
  mostErrors,
  type Upload,
  UploadError,
} from './rows';

/** A few bytes may stand for gigabytes. */
const mostBytes = 256 * 1024 * 1024;

const chunkBytes = 64 * 1024;

async function* chunksOf(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Whole lines, in blocks that end with a newline, but for the last. */
async function* linesIn(input: AsyncIterable<Buffer>) {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let left = mostBytes;
  let lineBytes = 0;
  let rest = '';
  for await (const chunk of input) {
    left -= chunk.length;
    if (left < 0) throw new UploadError(`has more than ${mostBytes / 1024 ** 2} MiB: split it`);
    const newline = chunk.lastIndexOf(10);
    lineBytes = newline < 0 ? lineBytes + chunk.length : chunk.length - newline - 1;
    if (lineBytes > maxLineBytes) throw new UploadError(`has a line of more than ${maxLineBytes / 1024} KiB`);
    const text = rest + utf8.decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (end > 0) yield text.slice(0, end);
  }
  yield rest + utf8.decode();
}

/** The lines, decompressed if they are gzip. @throws UploadError, for what is no UTF-8 or no gzip too */
async function* textOf(bytes: Buffer) {
  const source = Readable.from(chunksOf(bytes));
  const plain = isGzip(bytes) ? source.pipe(createGunzip()) : source;
  try {
    yield* linesIn(plain);
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
    const text = textOf(bytes);
    const readTimestamp = timestampReader(keepDays);
    const found = isCsv ? readCsv(kind, text, readTimestamp, types) : readNdjson(kind, text, readTimestamp);
    try {
      yield* linesOf(found, read);
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      read.errors.push({ line: error.line, column: error.column, message: error.message });
    }
  };
  return Object.assign(read, { lines: lines() });
};

async function* linesOf(found: AsyncIterable<Iterable<Found>>, read: Omit<Read, 'lines'>) {
  for await (const block of found) {
    let chunk = '';
    for (const one of block) {
      if ('error' in one) {
        read.errors.push({ line: one.line, column: one.error.column, message: one.error.message });
        if (read.errors.length === mostErrors) return;
      } else if (read.errors.length === 0) {
        read.rows++;
        chunk += copyLine(one);
      }
    }
    if (chunk !== '') yield chunk;
  }
}
