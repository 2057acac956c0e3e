import { readFileSync } from 'node:fs';

interface Panel {
  title: string;
  panels?: Panel[];
  targets?: { expr: string; legendFormat?: string }[];
}

interface Board {
  panels: Panel[];
  templating: { list: { query?: string | { query: string } }[] };
}

const textOf = (query: string | { query: string } = '') => (typeof query === 'string' ? query : query.query);

const board = JSON.parse(readFileSync('.github/grafana/cyclic-metrics.json', 'utf8')) as Board;

const targets = board.panels
  .flatMap((panel) => [panel, ...(panel.panels ?? [])])
  .flatMap(({ targets = [] }) => targets);

/** Every PromQL expression of the Grafana dashboard. */
const expressions: string[] = [
  ...targets.map(({ expr }) => expr),
  ...board.templating.list.map(({ query }) => textOf(query)).filter((query) => query.includes('cyclic_')),
];

/** The labels that its legends show, each with the expression it is to come from. */
export const legendsOfBoard = (): { label: string; expression: string }[] =>
  targets.flatMap(({ expr, legendFormat = '' }) =>
    [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => ({ label, expression: expr })),
  );

/** The metrics that the dashboard asks for, with the labels that it asks of each. */
export const metricsOfBoard = (): { name: string; labels: string[] }[] =>
  expressions.flatMap((expression) =>
    [...expression.matchAll(/\b(cyclic_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', matchers = '']) => ({
      name,
      labels: [
        ...[...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
        ...(/^label_values\([^,]+, (\w+)\)$/.exec(expression)?.slice(1) ?? []),
      ],
    })),
  );
