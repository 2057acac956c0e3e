import {
  BACKSLASH,
  byte,
  CLOSE,
  CLOSE_OBJECT,
  COMMA,
  isDigit,
  MINUS,
  OPEN,
  OPEN_OBJECT,
  PLUS,
  POINT,
  QUOTE,
  SPACE,
} from './plainText';

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

const UPPER_E = 0x45;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_T = 0x74;

/**
 * The tokens of a valid JSON text, in UTF-8, down to the second level of lists; its last bracket is the end. Objects, and
 * lists below that, are one token each however deep they go, so nothing here recurses.
 */
export class JsonTokens {
  start = 0;
  end = 0;
  private depth = 0;

  constructor(readonly json: Buffer) {}

  next(): Token {
    const { json } = this;
    let at = this.end;
    let code = byte(json, at);
    while (code === COMMA || code <= SPACE) code = byte(json, ++at);
    this.start = at;
    if (code === MINUS || isDigit(code)) return this.number(at);
    if (code === QUOTE) {
      this.end = stringEnd(json, at);
      return 'string';
    }
    if (code === OPEN) return this.list(at);
    if (code === CLOSE) {
      this.end = at + 1;
      return --this.depth > 0 ? 'close' : 'end';
    }
    if (code === OPEN_OBJECT) {
      this.end = bracketEnd(json, at);
      return 'object';
    }
    return this.word(at, code);
  }

  /** The text of the newest token, a number. */
  text(): string {
    return this.json.toString('latin1', this.start, this.end);
  }

  private number(from: number): Token {
    const { json } = this;
    let token: Token = 'integer';
    for (let at = from + 1; ; at++) {
      const code = byte(json, at);
      if (isDigit(code)) continue;
      if (code === POINT || code === LOWER_E || code === UPPER_E) token = 'float';
      else if (code !== MINUS && code !== PLUS) {
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

  private word(at: number, code: number): Token {
    if (at >= this.json.length) return 'end';
    const token = code === LOWER_T ? 'true' : code === LOWER_F ? 'false' : 'null';
    this.end = at + token.length;
    return token;
  }
}

export function stringEnd(json: Buffer, quote: number): number {
  for (let at = quote + 1; at < json.length; at++) {
    const code = byte(json, at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return json.length;
}

export function bracketEnd(json: Buffer, open: number): number {
  let depth = 0;
  for (let at = open; at < json.length; at++) {
    const code = byte(json, at);
    if (code === QUOTE) at = stringEnd(json, at) - 1;
    else if (code === OPEN || code === OPEN_OBJECT) depth++;
    else if ((code === CLOSE || code === CLOSE_OBJECT) && --depth === 0) return at + 1;
  }
  return json.length;
}
