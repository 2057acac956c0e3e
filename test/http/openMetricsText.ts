/*
 * Reads the text format of OpenMetrics 1.0 by its ABNF, as strictly as that is: a family's metadata before its samples, each
 * once, no family apart, and # EOF as the last line.
 */

export interface ReadFamily {
  type: string;
  unit?: string;
  help?: string;
  samples: { labels: Record<string, string>; value: number }[];
}

const labelPair = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;

const labelsOf = (text: string): Record<string, string> => {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const [whole = '', name = '', value = ''] = labelPair.exec(rest) ?? [];
    if (whole === '' || name in labels) throw new Error(`labels "${text}"`);
    labels[name] = value.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char));
    rest = rest.slice(whole.length);
  }
  return labels;
};

const numberOf = (text: string) => {
  if (/^[+-]Inf$/.test(text)) return text === '+Inf' ? Infinity : -Infinity;
  if (!/^(?:NaN|[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)$/.test(text)) throw new Error(`number "${text}"`);
  return Number(text);
};

/** @throws Error for anything that the format does not allow */
export const readOpenMetrics = (text: string): Map<string, ReadFamily> => {
  if (!text.endsWith('# EOF\n')) throw new Error('no # EOF at the end');
  const families = new Map<string, ReadFamily>();
  let open = '';
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, key, family = '', rest = ''] = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][\w:]*) (.*)$/s.exec(line) ?? [];
    const known = families.get(family);
    if (key === 'TYPE') {
      if (known) throw new Error(`${family} comes twice`);
      families.set(family, { type: rest, samples: [] });
      open = family;
    } else if (key && known && family === open && known.samples.length === 0) {
      known[key === 'UNIT' ? 'unit' : 'help'] = rest;
      if (key === 'UNIT' && !family.endsWith(`_${rest}`))
        throw new Error(`${family} does not end in _${rest}`);
    } else {
      const [, name = '', labels = '', value = ''] =
        /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line) ?? [];
      const series = families.get(open)?.type === 'info' ? `${open}_info` : open;
      if (name !== series) throw new Error(`line "${line}" in ${open}`);
      families.get(open)?.samples.push({ labels: labelsOf(labels), value: numberOf(value) });
    }
  }
  for (const [name, { samples }] of families) {
    const series = samples.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()));
    if (new Set(series).size < series.length) throw new Error(`${name} has a series twice`);
  }
  return families;
};
