import { JsonTokens, type Token } from './jsonTokens';
import { BACKSLASH, byte, MINUS, sameBytes, ZERO } from './plainText';

/** How many single labels two lists have in common, where a string among them makes all of them strings to numpy. */
export function countSameStrings(yTrue: Buffer, yPred: Buffer): number {
  const a = new JsonTokens(yTrue);
  const b = new JsonTokens(yPred);
  const read = stringReader();
  let matches = 0;
  for (;;) {
    const kindA = nextLabel(a);
    const kindB = nextLabel(b);
    if (kindA === 'end' || kindB === 'end') return matches;
    if (kindA === kindB && sameBytes(a.json, a.start, a.end, b.json, b.start, b.end)) matches++;
    else if (!isPlain(a, kindA) || !isPlain(b, kindB)) {
      if (read(a.json, a.start, a.end) === read(b.json, b.start, b.end)) matches++;
    } else if (kindA !== kindB && samePlain(a, kindA, b, kindB)) matches++;
  }
}

/** In a column vector each label has brackets of its own. */
function nextLabel(tokens: JsonTokens): Token {
  let token = tokens.next();
  while (token === 'open' || token === 'close') token = tokens.next();
  return token;
}

/** Spelt in JSON as in Python, but for the quotes. */
function isPlain({ json, start, end }: JsonTokens, token: Token): boolean {
  if (token === 'integer') return byte(json, start) !== MINUS || byte(json, start + 1) !== ZERO;
  if (token !== 'string') return false;
  for (let at = start + 1; at < end; at++) if (byte(json, at) === BACKSLASH) return false;
  return true;
}

function samePlain(a: JsonTokens, kindA: Token, b: JsonTokens, kindB: Token): boolean {
  const quoteA = kindA === 'string' ? 1 : 0;
  const quoteB = kindB === 'string' ? 1 : 0;
  return sameBytes(a.json, a.start + quoteA, a.end - quoteA, b.json, b.start + quoteB, b.end - quoteB);
}

/** Reads labels as numpy's strings. They repeat, so each spelling is read once. */
export function stringReader(): (json: Buffer, start: number, end: number) => string {
  const labels = new Map<string, string>();
  return (json, start, end) => {
    const text = json.toString('utf8', start, end);
    let label = labels.get(text);
    if (label === undefined) {
      label = text[0] === '"' ? decoded(text) : pythonStr(text);
      labels.set(text, label);
    }
    return label;
  };
}

/** numpy's fixed-width strings end at their last character that is not NUL. */
function decoded(text: string): string {
  const label: string = JSON.parse(`"${text.slice(1, -1)}"`);
  let end = label.length;
  while (end > 0 && label.charCodeAt(end - 1) === 0) end--;
  return label.slice(0, end);
}

/** Python's str() of a boolean or number. */
function pythonStr(text: string): string {
  if (text === 'true') return 'True';
  if (text === 'false') return 'False';
  if (/[.eE]/.test(text)) return pythonRepr(Number(text));
  return text === '-0' ? '0' : text;
}

/** float.__repr__: the shortest digits, as in JavaScript, but other bounds for the exponent. */
function pythonRepr(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, 0) ? '0.0' : '-0.0';
  const [mantissa, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= 16 || exponent < -4) {
    return `${mantissa}e${power[0]}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
