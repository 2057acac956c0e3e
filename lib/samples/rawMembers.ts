import {
  afterSpace,
  bracketEnd,
  byte,
  CLOSE_OBJECT,
  COMMA,
  OPEN,
  OPEN_OBJECT,
  QUOTE,
  stringEnd,
} from '../metrics/decode/bytes';

/**
 * The texts of a JSON object's members, as they are spelt; of two with one name the last, as JSON.parse has it. PostgreSQL's
 * `->` keeps spelling too, but refuses a document with \u0000 or half of a surrogate pair, which labels may have.
 */
export const rawMembers = (json: Buffer): Record<string, string> => {
  const members: [string, string][] = [];
  for (let at = json.indexOf(OPEN_OBJECT) + 1; ; ) {
    const name = json.indexOf(QUOTE, at);
    if (name < 0) return Object.fromEntries(members);
    const nameEnd = stringEnd(json, name);
    const start = afterSpace(json, json.indexOf(':', nameEnd) + 1);
    at = valueEnd(json, start);
    members.push([
      JSON.parse(json.toString('utf8', name, nameEnd)),
      json.toString('utf8', start, at).trimEnd(),
    ]);
  }
};

/** @param json valid JSON */
const valueEnd = (json: Buffer, start: number): number => {
  const first = byte(json, start);
  if (first === QUOTE) return stringEnd(json, start);
  if (first === OPEN || first === OPEN_OBJECT) return bracketEnd(json, start);
  let at = start;
  while (byte(json, at) !== COMMA && byte(json, at) !== CLOSE_OBJECT) at++;
  return at;
};
