import { bracketEnd, stringEnd } from './accuracy/jsonTokens';

/** The texts of a JSON object's members, as they are spelt; of two with one name the last, as JSON.parse has it. */
export const memberTexts = (json: string): Record<string, string> => {
  const members: [string, string][] = [];
  for (let at = json.indexOf('{') + 1; ; ) {
    const name = json.indexOf('"', at);
    if (name < 0) return Object.fromEntries(members);
    const nameEnd = stringEnd(json, name);
    const start = json.indexOf(':', nameEnd) + 1;
    const end = valueEnd(json, start);
    members.push([JSON.parse(json.slice(name, nameEnd)), json.slice(start, end).trim()]);
    at = end;
  }
};

/** @param json valid JSON */
const valueEnd = (json: string, start: number): number => {
  let at = start;
  while (/\s/.test(json[at] as string)) at++;
  if (json[at] === '"') return stringEnd(json, at);
  if (json[at] === '[' || json[at] === '{') return bracketEnd(json, at);
  while (json[at] !== ',' && json[at] !== '}') at++;
  return at;
};
