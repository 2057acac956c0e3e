import { readFileSync } from 'node:fs';

interface Panel {
  title: string;
  panels?: Panel[];
  targets?: { expr: string }[];
}

interface Board {
  panels: Panel[];
  templating: { list: { query?: string | { query: string } }[] };
}

const textOf = (query: string | { query: string } = '') => (typeof query === 'string' ? query : query.query);

/** Every PromQL expression of the Grafana dashboard. */
const expressionsOf = ({ panels, templating }: Board): string[] => [
  ...panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...templating.list.map(({ query }) => textOf(query)).filter((query) => query.includes('cyclic_')),
];

/** The metrics that the dashboard asks for, with the labels that it asks of each. */
export const metricsOfBoard = (): { name: string; labels: string[] }[] => {
  const board = JSON.parse(readFileSync('.github/grafana/cyclic-metrics.json', 'utf8')) as Board;
  return expressionsOf(board).flatMap((expression) =>
    [...expression.matchAll(/\b(cyclic_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', matchers = '']) => ({
      name,
      labels: [
        ...[...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
        ...(/^label_values\([^,]+, (\w+)\)$/.exec(expression)?.slice(1) ?? []),
      ],
    })),
  );
};
