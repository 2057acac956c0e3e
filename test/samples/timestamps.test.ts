import { readTimestamp } from '../../lib/samples/upload/columns';

test.each([
  ['2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:00.123Z'],
  // As pandas writes a column of times in UTC, or in a zone.
  ['2026-03-01 12:00:00+00:00', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01 12:00:00.123456+01:00', '2026-03-01T11:00:00.123Z'],
])('the time %s of an upload is %s', (text, time) => {
  expect(readTimestamp(text, undefined).toISOString()).toBe(time);
});

test('a time without an offset is refused, with what to write', () => {
  expect(() => readTimestamp('2026-03-01 12:00:00', undefined)).toThrow(
    'the offset from UTC is missing; write "2026-03-01T12:00:00Z" if it is UTC',
  );
});
