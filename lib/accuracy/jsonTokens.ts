export type Token =
  | 'open'
  | 'close'
  | 'integer'
  | 'float'
  | 'string'
  | 'true'
  | 'false'
  | 'null'
  | 'object'
  | 'nested'
  | 'end';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LOWER_E = 0x65;
const UPPER_E = 0x45;

/**
 * The tokens of a valid JSON text down to the second level of lists. Objects, and lists below that, are one
 * token each however deep they go, so nothing here recurses.
 */
export class JsonTokens {
  start = 0;
  end = 0;
  private depth = 0;

  constructor(readonly json: string) {}

  next(): Token {
    const { json } = this;
    let at = this.end;
    let code = json.charCodeAt(at);
    while (code === COMMA || code <= 0x20) code = json.charCodeAt(++at);
    this.start = at;
    if (code === MINUS || (code >= 0x30 && code <= 0x39)) return this.number(at);
    if (code === QUOTE) {
      this.end = stringEnd(json, at);
      return 'string';
    }
    if (code === OPEN) return this.list(at);
    if (code === CLOSE) {
      this.depth--;
      this.end = at + 1;
      return 'close';
    }
    if (code === OPEN_OBJECT) {
      this.end = bracketEnd(json, at);
      return 'object';
    }
    return this.word(at);
  }

  /** The text of the newest token. */
  text(): string {
    return this.json.slice(this.start, this.end);
  }

  private number(from: number): Token {
    const { json } = this;
    let token: Token = 'integer';
    for (let at = from + 1; ; at++) {
      const code = json.charCodeAt(at);
      if (code >= 0x30 && code <= 0x39) continue;
      if (code === POINT || code === LOWER_E || code === UPPER_E) token = 'float';
      else if (code !== MINUS && code !== 0x2b) {
        this.end = at;
        return token;
      }
    }
  }

  private list(at: number): Token {
    if (this.depth === 2) {
      this.end = bracketEnd(this.json, at);
      return 'nested';
    }
    this.depth++;
    this.end = at + 1;
    return 'open';
  }

  private word(at: number): Token {
    const token = this.json[at] === 't' ? 'true' : this.json[at] === 'f' ? 'false' : 'null';
    if (at >= this.json.length) return 'end';
    this.end = at + token.length;
    return token;
  }
}

export function stringEnd(json: string, quote: number): number {
  for (let at = quote + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return json.length;
}

export function bracketEnd(json: string, open: number): number {
  let depth = 0;
  for (let at = open; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(json, at) - 1;
    else if (code === OPEN || code === OPEN_OBJECT) depth++;
    else if ((code === CLOSE || code === CLOSE_OBJECT) && --depth === 0) return at + 1;
  }
  return json.length;
}
