/** What numpy makes of a JSON value in a list that has a string: strings all of it. */
export const numpyText = (json: string): string => {
  if (json[0] === '"') return withoutTrailingNuls(JSON.parse(json));
  if (json === 'true') return 'True';
  if (json === 'false') return 'False';
  if (/[.eE]/.test(json)) return pythonRepr(Number(json));
  return json === '-0' ? '0' : json;
};

/** numpy's fixed-width strings end at their last character that is not NUL. */
const withoutTrailingNuls = (label: string): string => {
  let end = label.length;
  while (end > 0 && label.charCodeAt(end - 1) === 0) end--;
  return label.slice(0, end);
};

/** float.__repr__: the shortest digits, as in JavaScript, but other bounds for the exponent. */
const pythonRepr = (value: number): string => {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, 0) ? '0.0' : '-0.0';
  const [mantissa, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= 16 || exponent < -4) {
    return `${mantissa}e${power[0]}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
};
