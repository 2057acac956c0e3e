import { modelId } from '../../lib/schedule/modelId';

const usual = '550e8400-e29b-41d4-a716-446655440000';

test.each([
  usual,
  usual.toUpperCase(),
  usual.replaceAll('-', ''),
  `urn:uuid:${usual}`,
  `URN:UUID:${usual.toUpperCase()}`,
])('%s is a model_id, answered in the usual form', (text) => {
  expect(modelId.parse(text)).toBe(usual);
});

test.each([
  '',
  usual.slice(1),
  `${usual}0`,
  `{${usual}}`,
  usual.replace('-', ''),
  `uuid:${usual}`,
  `${usual}\n`,
  usual.replace('5', 'g'),
])('%j is none', (text) => {
  expect(modelId.safeParse(text).error?.issues).toMatchObject([{ message: 'must be a UUID' }]);
});
