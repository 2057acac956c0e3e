export const SPACE = 0x20;
export const QUOTE = 0x22;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const UPPER_E = 0x45;
export const OPEN = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE = 0x5d;
export const LOWER_E = 0x65;
export const LOWER_F = 0x66;
export const LOWER_N = 0x6e;
export const LOWER_T = 0x74;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** Past the end it is undefined, which is in no range. */
export const byte = (bytes: Buffer, at: number): number => bytes[at] as number;

export const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9;

export const afterSpace = (bytes: Buffer, start: number): number => {
  let at = start;
  while (byte(bytes, at) <= SPACE) at++;
  return at;
};

/** Behind the closing quote of a JSON string. */
export const stringEnd = (json: Buffer, quote: number): number => {
  for (let at = quote + 1; at < json.length; at++) {
    const code = byte(json, at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return json.length;
};

/** Behind the bracket that closes a list or object, however deep it goes. */
export const bracketEnd = (json: Buffer, open: number): number => {
  let depth = 0;
  for (let at = open; at < json.length; at++) {
    const code = byte(json, at);
    if (code === QUOTE) at = stringEnd(json, at) - 1;
    else if (code === OPEN || code === OPEN_OBJECT) depth++;
    else if ((code === CLOSE || code === CLOSE_OBJECT) && --depth === 0) return at + 1;
  }
  return json.length;
};
