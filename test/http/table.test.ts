import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as z from 'zod';
import { httpHandler } from '../../lib/http/handler';
import { route as reportRoute } from '../../lib/http/routes/getReport';
import { route as historyRoute } from '../../lib/http/routes/listRuns';
import { route as overviewRoute } from '../../lib/http/routes/overview';
import { formatAsked, toText } from '../../lib/http/table';
import { modelNamed } from '../setup/world';
import { eventOf } from './event';

process.env.API_ACCESS = 'local';
const model_id = modelNamed(1);
const [run] = historyRoute.responses[200].examples[0]?.items ?? [];
const page = {
  items: [run, { ...run, status: 'missed', accuracy: null, metrics: {} }],
  next_before: run?.scheduled_time,
};

/** What a route makes of a body that its use case answers. */
const answer = (
  route: object,
  body: unknown,
  query: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  httpHandler(route as typeof historyRoute, async () => async () => ({
    status: 200 as const,
    body: body as never,
  }))(eventOf({ params: { model_id }, query, headers }));

const history = (query: Record<string, string>, headers?: Record<string, string>) =>
  answer(historyRoute, page, query, headers);

/** RFC 4180, read literally. */
const readCsv = (text: string): string[][] =>
  [...text.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*)\r\n/g)].map(
    ([, line = '']) =>
      [...`,${line}`.matchAll(/,("(?:[^"]|"")*"|[^",]*)/g)].map(([, cell = '']) =>
        cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
      ),
  );

const recordsOf = (text: string) => {
  const [names = [], ...lines] = readCsv(text);
  return lines.map((line) => Object.fromEntries(names.map((name, at) => [name, line[at]])));
};

describe('which format is asked for', () => {
  test.each<[string | undefined, string | undefined, string | undefined]>([
    [undefined, undefined, undefined],
    [undefined, '*/*', undefined],
    [undefined, 'application/json', undefined],
    [undefined, 'text/csv', 'csv'],
    [undefined, 'Text/CSV; charset=utf-8', 'csv'],
    [undefined, 'application/x-ndjson', 'ndjson'],
    [undefined, 'application/jsonl', 'ndjson'],
    [undefined, 'text/html,application/xhtml+xml,*/*;q=0.8', undefined],
    [undefined, 'text/csv;q=0.5, application/x-ndjson', 'ndjson'],
    [undefined, 'text/csv;q=0, */*', undefined],
    [undefined, 'application/json, text/csv', undefined],
    ['csv', 'application/json', 'csv'],
    ['json', 'text/csv', undefined],
  ])('format %s and Accept %s is %s', (format, accept, wanted) => {
    expect(formatAsked(format, accept)).toBe(wanted);
  });

  test('an unknown format is refused', async () => {
    expect((await history({ format: 'xlsx' })).statusCode).toBe(400);
  });
});

describe('history', () => {
  test('as CSV has a line for each run, and a column for each metric and each end of its interval', async () => {
    const { headers, body } = await history({ format: 'csv' });
    expect(headers?.['content-type']).toBe('text/csv; charset=utf-8');
    const [first, second] = recordsOf(body as string);
    expect(first).toMatchObject({
      model_id: run?.model_id,
      status: 'ok',
      'metrics.accuracy': '0.75',
      'intervals.accuracy.low': '0.3',
      'intervals.accuracy.high': '0.95',
      hints: '[]',
      error: '',
    });
    expect(second).toMatchObject({ status: 'missed', accuracy: '', 'metrics.accuracy': '' });
  });

  test('as NDJSON has the items of the JSON, a line each', async () => {
    const { headers, body } = await history({}, { accept: 'application/x-ndjson' });
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      vary: 'accept, accept-encoding',
    });
    const lines = (body as string).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(page.items);
  });

  test('says in a header where the next page is, with what was asked', async () => {
    const { headers } = await history({ format: 'csv', limit: '2' });
    const before = encodeURIComponent(run?.scheduled_time ?? '');
    expect(headers?.link).toBe(`<?format=csv&limit=2&before=${before}>; rel="next"`);
    const last = await answer(historyRoute, { ...page, next_before: null }, { format: 'csv' });
    expect(last.headers).not.toHaveProperty('link');
  });

  test('has its header line when there is no run', async () => {
    const { body } = await answer(historyRoute, { items: [], next_before: null }, { format: 'csv' });
    expect(readCsv(body as string)).toEqual([
      expect.arrayContaining(['model_id', 'metrics', 'scheduled_time']),
    ]);
  });

  test('has an ETag of its own for each format, and 304 for who has it', async () => {
    const [json, csv] = [await history({}), await history({ format: 'csv' })];
    expect(json.headers?.etag).not.toBe(csv.headers?.etag);
    const again = await history({ format: 'csv' }, { 'if-none-match': String(csv.headers?.etag) });
    expect(again.statusCode).toBe(304);
  });

  test('is packed for who takes gzip', async () => {
    const long = { ...page, items: Array(50).fill(run) };
    const csv = (coding: string) =>
      answer(historyRoute, long, { format: 'csv' }, { 'accept-encoding': coding });
    const { headers, body, isBase64Encoded } = await csv('br, gzip');
    expect([headers?.['content-encoding'], isBase64Encoded]).toEqual(['gzip', true]);
    const plain = await csv('gzip;q=0');
    expect(gunzipSync(Buffer.from(body as string, 'base64')).toString()).toBe(plain.body);
  });
});

test('the overview says in a header where its next page is', async () => {
  const items = [overviewRoute.responses[200].examples[0]?.items[0]];
  const { headers } = await answer(overviewRoute, { items, total: 3 }, { format: 'ndjson', offset: '1' });
  expect(headers?.link).toBe('<?format=ndjson&offset=2>; rel="next"');
  const last = await answer(overviewRoute, { items, total: 3 }, { format: 'ndjson', offset: '2' });
  expect(last.headers).not.toHaveProperty('link');
});

test('the report has a line for each class', async () => {
  const classes = ['=1+1', 'a,"b"', -1].map((label) => ({
    label,
    precision: 0.5,
    recall: null,
    f1: -0.5,
    support: 1,
    predicted: 2,
  }));
  const { body } = await answer(reportRoute, { classes }, { format: 'csv' });
  expect(readCsv(body as string)).toEqual([
    ['label', 'precision', 'recall', 'f1', 'support', 'predicted'],
    ["'=1+1", '0.5', '', '-0.5', '1', '2'],
    ['a,"b"', '0.5', '', '-0.5', '1', '2'],
    ['-1', '0.5', '', '-0.5', '1', '2'],
  ]);
});

const schema = z.object({ text: z.string(), value: z.number() });
const table = { schema, rows: (rows: object[]) => rows };

test('no cell begins like a formula, and every text and number is read back as it was', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string().map((rest) => `=${rest}`),
    fc.constantFrom('+1', '-1', '@x', '\tx', '\rx', '"', ',', '\r\n'),
  );
  const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(text, number, (text, value) => {
      const [, [first = '', second = ''] = []] = readCsv(toText(table, 'csv', [{ text, value }]));
      expect(first).not.toMatch(/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/);
      expect(first.replace(/^'(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/, '')).toBe(text);
      expect(Number(second) + 0).toBe(value + 0);
    }),
  );
});
