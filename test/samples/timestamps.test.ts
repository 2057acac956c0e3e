import { timestampReader } from '../../lib/samples/upload/columns';

const read = timestampReader(undefined);

test.each([
  ['2026-03-01T12:00:00.123Z', '2026-03-01T12:00:00.123Z'],
  ['2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:00.123Z'],
  // As pandas writes a column of times in UTC, or in a zone.
  ['2026-03-01 12:00:00+00:00', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01 12:00:00.123456+01:00', '2026-03-01T11:00:00.123Z'],
])('the time %s of an upload is %s', (text, time) => {
  expect(read(text)).toBe(time);
});

test('a time without an offset is refused, with what to write', () => {
  expect(() => read('2026-03-01 12:00:00')).toThrow(
    'the offset from UTC is missing; write "2026-03-01T12:00:00Z" if it is UTC',
  );
});

test.each(['2026-02-29T12:00:00.000Z', '2026-03-01T24:00:00.000Z', '2026-03-01T12:60:00.000Z'])(
  'the time %s is refused: there is none such',
  (text) => {
    expect(() => read(text)).toThrow('must be a time such as');
  },
);

test('a time is taken up to five minutes ahead, and back to where predictions are kept', () => {
  const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
  const readRecent = timestampReader(90);
  for (const time of [days(-89), days(4 / 1440)]) expect(readRecent(time)).toBe(time);
  expect(() => readRecent(days(-91))).toThrow('must not be older than 90 days');
  expect(() => readRecent(days(6 / 1440))).toThrow('must not be in the future');
});
