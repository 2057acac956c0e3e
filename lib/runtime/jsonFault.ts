const token =
  /[ \t\r\n]*(?:([[\]{}:,])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/y;

const blanks = /[ \t\r\n]*/y;

/** Words of other languages that take JSON's place in what people send, and what to send. */
const strangers: [RegExp, string][] = [
  [
    /^[+-]?(?:NaN|nan|NA)\b/,
    'JSON has no NaN: send null in y_true for a label that is not known yet, and leave out other such samples',
  ],
  [/^[+-]?Inf(?:inity)?\b/i, 'JSON has no infinity: leave the sample out'],
  [/^(?:None|undefined|nil|NULL|Null)\b/, 'write null'],
  [/^(?:True|TRUE|False|FALSE)\b/, 'write true or false'],
  [/^['\u201c\u201d\u2018\u2019]/, 'strings stand in double quotes (")'],
  [/^\/[/*]/, 'JSON has no comments'],
  [/^[+-]?\d[\d_]*[\w.+-]*|^[+-]?\.\d/, 'not a number of JSON, such as 0.5 or -1e3'],
  [/^"/, 'a string that does not end, or holds a line break or a backslash'],
  [/^[A-Za-z_]\w*/, 'strings and names stand in double quotes (")'],
];

const near = (rest: string) => JSON.stringify(/^(?:[\w.+-]+|.)/su.exec(rest)?.[0]?.slice(0, 20) ?? '');

type Wanted = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma' | 'end';

const wordsFor: Record<Wanted, string> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  name: 'a name in double quotes',
  'name or }': 'a name in double quotes, or }',
  colon: 'a colon',
  comma: 'a comma, or the end of the list or object',
  end: 'nothing more',
};

/** What may follow a token; undefined if it may not stand where it does. `open` are the brackets that are open. */
const follow = (wanted: Wanted, text: string, open: string[]): Wanted | undefined => {
  const afterValue = (): Wanted => (open.length === 0 ? 'end' : 'comma');
  const close = (bracket: string): Wanted | undefined => (open.pop() === bracket ? afterValue() : undefined);
  const wantsValue = wanted.startsWith('value');
  if (text === '[' || text === '{') {
    if (!wantsValue) return undefined;
    open.push(text);
    return text === '[' ? 'value or ]' : 'name or }';
  }
  if (text === ']') return wanted === 'value or ]' || wanted === 'comma' ? close('[') : undefined;
  if (text === '}') return wanted === 'name or }' || wanted === 'comma' ? close('{') : undefined;
  if (text === ':') return wanted === 'colon' ? 'value' : undefined;
  if (text === ',') return wanted !== 'comma' ? undefined : open.at(-1) === '{' ? 'name' : 'value';
  if (wantsValue) return afterValue();
  return wanted.startsWith('name') && text.startsWith('"') ? 'colon' : undefined;
};

/** Finding a fault takes ten times as long as parsing: of longer texts the parser's own words must do. */
const longest = 2_000_000;

/** Where a text that JSON.parse refuses stops being JSON, and what is wrong there. */
export const jsonFault = (json: string, refusal: Error): string => {
  if (json.length > longest) return refusal.message;
  const open: string[] = [];
  let wanted: Wanted = 'value';
  for (let at = 0; ; ) {
    token.lastIndex = at;
    const found = token.exec(json);
    const text = found?.[1] ?? found?.[2] ?? found?.[3];
    blanks.lastIndex = at;
    blanks.test(json);
    const start = blanks.lastIndex;
    const next: Wanted | undefined = text ? follow(wanted, text, open) : undefined;
    if (next) {
      wanted = next;
      at = token.lastIndex;
      continue;
    }
    const rest = json.slice(start, start + 1000);
    if (rest === '') return `it ends too early, at position ${json.length}: ${wordsFor[wanted]} is missing`;
    const known = text || wanted === 'end' ? undefined : strangers.find(([form]) => form.test(rest));
    return `at position ${start} there is ${near(rest)}: ${known?.[1] ?? `${wordsFor[wanted]} should come here`}`;
  }
};
