import fc from 'fast-check';
import { parseJson } from '../../lib/http/body';
import { jsonFault } from '../../lib/runtime/jsonFault';

test.each([
  ['lists 32 deep', '['.repeat(32) + ']'.repeat(32)],
  ['a hundred thousand rows of labels', `[${'[1],'.repeat(99_998)}[1]]`],
  ['brackets in strings', JSON.stringify(['['.repeat(1000), `\\"${'{'.repeat(1000)}`])],
  ['six million labels', `[${'0,'.repeat(3_000_000)}0]`],
])('%s are parsed', (_, json) => {
  expect(JSON.stringify(parseJson(json))).toBe(json);
});

test.each([
  ['lists 33 deep', '['.repeat(33) + ']'.repeat(33), 'deeper than 32'],
  ['lists without an end', '['.repeat(1_000_000), 'deeper than 32'],
  ['objects 33 deep', '{"a":'.repeat(33) + 1 + '}'.repeat(33), 'deeper than 32'],
  ['two million empty lists', `[${'[],'.repeat(2_000_000)}[]]`, 'more than 100000'],
  ['half a million members', `{${'"a":0,'.repeat(500_000)}"a":0}`, 'more than 100000'],
  ['a string without an end', '["', 'not valid JSON'],
  ['nothing', '', 'not valid JSON'],
])('%s are refused', (_, json, why) => {
  expect(() => parseJson(json)).toThrow(
    expect.objectContaining({ status: 400, message: expect.stringContaining(why) }),
  );
});

test('whatever character is put into a document or taken out, where it stops being JSON is told', () => {
  const position = fc.nat({ max: 1000 });
  fc.assert(
    fc.property(fc.json(), position, fc.string({ maxLength: 1 }), (json, where, put) => {
      const at = where % (json.length + 1);
      const text = json.slice(0, at) + put + json.slice(put === '' ? at + 1 : at);
      try {
        JSON.parse(text);
      } catch (error) {
        const told = jsonFault(text, error as Error);
        expect(told).not.toContain('nothing more is missing');
        expect(Number(/position (\d+)/.exec(told)?.[1])).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 3000 },
  );
});
