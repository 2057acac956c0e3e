/*
 * The text format of OpenMetrics 1.0, which Prometheus reads. prom-client writes no UNIT, and keeps what it has written.
 */

export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

type Labels = Record<string, string>;

export interface Family {
  /** Ends in the unit, if it has one. */
  name: string;
  type: 'gauge' | 'summary' | 'info';
  unit?: 'seconds';
  help: string;
  samples: { labels?: Labels; value: number }[];
}

const escaped = (text: string) =>
  /[\\"\n]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : text;

const numberText = (value: number) =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

const sampleLine = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${numberText(value)}\n`;
};

const familyText = ({ name, type, unit, help, samples }: Family): string => {
  const head = `# TYPE ${name} ${type}\n${unit ? `# UNIT ${name} ${unit}\n` : ''}# HELP ${name} ${escaped(help)}\n`;
  const series = type === 'info' ? `${name}_info` : name;
  return head + samples.map(({ labels = {}, value }) => sampleLine(series, labels, value)).join('');
};

export const openMetrics = (families: readonly Family[]): string =>
  `${families.map(familyText).join('')}# EOF\n`;
