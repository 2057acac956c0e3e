import type { Notice } from './channel';

/** A notice as a text of lines. */
export const plainText = ({ title, lines, url, id }: Notice): string =>
  [
    title,
    '',
    ...lines.map(([name, value]) => `${name}: ${value}`),
    ...(url ? ['', url] : []),
    '',
    `Cyclic Metrics, notification ${id}`,
  ].join('\n');
