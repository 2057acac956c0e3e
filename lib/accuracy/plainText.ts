export const SPACE = 0x20;
export const QUOTE = 0x22;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const OPEN = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

export function afterSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (byte(bytes, at) <= SPACE) at++;
  return at;
}

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Past the end it is undefined, which is in no range. */
export function byte(bytes: Buffer, at: number): number {
  return bytes[at] as number;
}

/** Both texts have been read up to their closing brackets. */
export function ended(a: Buffer, i: number, b: Buffer, j: number): boolean {
  return i === a.length - 1 && j === b.length - 1;
}

export function sameBytes(
  a: Buffer,
  aStart: number,
  aEnd: number,
  b: Buffer,
  bStart: number,
  bEnd: number,
): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let i = aStart, j = bStart; i < aEnd; i++, j++) if (byte(a, i) !== byte(b, j)) return false;
  return true;
}
