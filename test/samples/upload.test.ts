import { Readable } from 'node:stream';
import { readUpload } from '../../lib/samples/upload/readUpload';

const readLines = async (text: string, type: 'text/csv' | 'application/x-ndjson' = 'text/csv') => {
  const read = readUpload('predictions', { type, bytes: Buffer.from(text) }, undefined, 90);
  const lines = (await Readable.from(read.lines).toArray()).join('').split('\n').slice(0, -1);
  return { cells: lines.map((line) => line.split('\t')), errors: read.errors };
};

/** Line, id, and segments of each row. */
const rowsOf = async (text: string) =>
  (await readLines(text)).cells.map(([line, id, , , , , segments]) => [Number(line), id, segments]);

const [header, a, b] = ['id,y_pred,country', 'a,1,DE', 'b,0,FR'];
const rows = [
  [2, 'a', '{"country":"DE"}'],
  [3, 'b', '{"country":"FR"}'],
];

test.each([
  ['newlines', `${header}\n${a}\n${b}\n`],
  ['no newline at the end', `${header}\n${a}\n${b}`],
  ['newlines of Windows', `${header}\r\n${a}\r\n${b}\r\n`],
  ['newlines of the first Macs', `${header}\r${a}\r${b}\r`],
  ['a byte order mark', `\ufeff${header}\n${a}\n${b}\n`],
  ['quotes in the last line', `${header}\n${a}\n"b","0","FR"\n`],
  ['quotes everywhere', `"id","y_pred","country"\n"a","1","DE"\n"b","0","FR"\n`],
  ['spaces around the names', `id, y_pred ,country\n${a}\n${b}\n`],
])('a CSV with %s is read', async (_, csv) => {
  expect(await rowsOf(csv)).toEqual(rows);
});

test('empty lines of a CSV are passed over, and count as lines', async () => {
  expect(await rowsOf(`${header}\n\n${a}\n\n\n"b",0,FR\n`)).toEqual([
    [3, 'a', '{"country":"DE"}'],
    [6, 'b', '{"country":"FR"}'],
  ]);
});

test('quotes hold commas, quotes and newlines', async () => {
  expect(await rowsOf(`${header}\n${a}\n"b,1",0,"F\n""R"""\n`)).toEqual([
    [2, 'a', '{"country":"DE"}'],
    [4, 'b,1', String.raw`{"country":"F\\n\\"R\\""}`],
  ]);
});

const many = Array.from({ length: 20_000 }, (_, n) => `row-${n},1,DE\n`);

test('in a large CSV lines are counted beyond the first quote, and wrong ones named', async () => {
  const csv = [`${header}\n`, ...many, '"quoted, once",1,DE\n', ...many, '"",1,DE\n', 'c,1\n'].join('');
  const { cells, errors } = await readLines(csv);
  expect(cells).toHaveLength(40_001);
  expect(cells[20_000]?.slice(0, 2)).toEqual(['20002', 'quoted, once']);
  expect(errors).toEqual([
    { line: 40_003, column: 'id', message: 'is required: a text of 1 to 200 characters' },
    { line: 40_004, column: '', message: 'has 2 columns, and the header 3' },
  ]);
});

test.each([
  ['a quote that does not end', `${header}\n${a}\n"b,0,FR\n`, 'is no CSV: Quote Not Closed'],
  ['a quote within a text', `${header}\n${a}\nb"c,0,FR\n`, 'is no CSV: Invalid Opening Quote'],
])('%s is told with its line', async (_, csv, message) => {
  expect((await readLines(csv)).errors).toEqual([
    { line: expect.any(Number), column: '', message: expect.stringContaining(message) },
  ]);
});

test('wrong lines before the one that is no CSV are told as well', async () => {
  const { errors } = await readLines(`${header}\n"",1,DE\n${a}\n"b,0,FR\n`);
  expect(errors).toEqual([
    { line: 2, column: 'id', message: 'is required: a text of 1 to 200 characters' },
    { line: expect.any(Number), column: '', message: expect.stringContaining('Quote Not Closed') },
  ]);
});

test.each([
  ['no header', '', { line: 1, column: '', message: 'a header is required, such as id,y_pred' }],
  ['a header without y_pred', '\nid\na\n', { line: 2, column: 'y_pred', message: expect.any(String) }],
])('of a CSV with %s only that is told', async (_, csv, error) => {
  expect((await readLines(csv)).errors).toEqual([error]);
});

test('NDJSON ends its lines with newlines only: a string may have a line separator', async () => {
  const line = (id: string) => `{"id": "${id}", "y_pred": 1, "__proto__": "x"}`;
  const { cells, errors } = await readLines(`${line('a\u2028b')}\r\n\n${line('c')}`, 'application/x-ndjson');
  expect(errors).toEqual([]);
  expect(cells.map(([line, id, , , , , segments]) => [line, id, segments])).toEqual([
    ['1', 'a\u2028b', '{"__proto__":"x"}'],
    ['3', 'c', '{"__proto__":"x"}'],
  ]);
});
