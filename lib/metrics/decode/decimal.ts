import { byte, isDigit, LOWER_E, MINUS, PLUS, POINT, UPPER_E, ZERO } from './bytes';

const POWERS_OF_TEN = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** Where a number was read from, and what it is. */
export interface Cursor {
  at: number;
  value: number;
}

/**
 * The double nearest to the number at the cursor, which moves behind it: as `Number` of its text, without cutting that out
 * for up to 17 digits, which is what a double is printed with.
 */
export const readDecimal = (json: Buffer, cursor: Cursor): void => {
  const start = cursor.at;
  const negative = byte(json, start) === MINUS;
  let at = negative ? start + 1 : start;
  let high = 0;
  let low = 0;
  let digits = 0;
  let power = 0;
  let code = byte(json, at);
  for (let point = false; ; code = byte(json, ++at)) {
    if (code === POINT) {
      point = true;
      continue;
    }
    if (!isDigit(code)) break;
    if (point) power--;
    if (digits < 9) high = high * 10 + (code - ZERO);
    else low = low * 10 + (code - ZERO);
    if (digits > 0 || code !== ZERO) digits++;
  }
  if (code === LOWER_E || code === UPPER_E) {
    const exponent = { at: at + 1, value: 0 };
    readExponent(json, exponent);
    power += exponent.value;
    at = exponent.at;
  }
  cursor.at = Math.max(at, start + 1);
  const value = digits > 17 || power < -22 || power > 22 ? undefined : nearest(high, low, digits, power);
  if (value === undefined) cursor.value = Number(json.toString('latin1', start, at));
  else cursor.value = negative ? -value : value;
};

const readExponent = (json: Buffer, cursor: Cursor): void => {
  const sign = byte(json, cursor.at);
  if (sign === MINUS || sign === PLUS) cursor.at++;
  let value = 0;
  for (; isDigit(byte(json, cursor.at)); cursor.at++) value = value * 10 + (byte(json, cursor.at) - ZERO);
  cursor.value = sign === MINUS ? -value : value;
};

/** Of (high and low, put together) times a power of ten; undefined where that lies too close to the middle of two doubles. */
const nearest = (high: number, low: number, digits: number, power: number): number | undefined => {
  const shift = POWERS_OF_TEN[Math.max(0, digits - 9)] as number;
  if (digits <= 15) {
    const whole = high * shift + low;
    return power < 0 ? whole / (POWERS_OF_TEN[-power] as number) : whole * (POWERS_OF_TEN[power] as number);
  }
  if (power > 0) return undefined;
  const top = high * shift;
  const sum = top + low;
  return quotient(sum, low - (sum - top), POWERS_OF_TEN[-power] as number);
};

/** The double nearest to (sum + rest) / divisor, by one step of Newton's in twice the precision (Dekker 1971). */
const quotient = (sum: number, rest: number, divisor: number): number | undefined => {
  const first = sum / divisor;
  const product = first * divisor;
  const [a, b] = [upperHalf(first), upperHalf(divisor)];
  const [c, d] = [first - a, divisor - b];
  const error = a * b - product + a * d + c * b + c * d;
  const correction = (sum - product - error + rest) / divisor;
  const doubt = first * 2 ** -95;
  const value = first + (correction - doubt);
  return value === first + (correction + doubt) ? value : undefined;
};

/** Veltkamp's splitting. */
const upperHalf = (value: number): number => {
  const scaled = value * 134_217_729;
  return scaled - (scaled - value);
};
