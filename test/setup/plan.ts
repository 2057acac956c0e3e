import type { Queries } from '../../lib/postgres/database';

/** A part of a plan, in the words of EXPLAIN (ANALYZE, BUFFERS, FORMAT json). */
export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Carries a statement out, and answers all parts of the plan by which PostgreSQL did. */
export const planOf = async (
  { query }: Queries,
  text: string,
  values: readonly unknown[],
): Promise<PlanNode[]> => {
  const explain = `EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ${text}`;
  const [row] = await query<{ 'QUERY PLAN': string }>(explain, [...values], { plan: 'each time' });
  return nodesOf(JSON.parse(row?.['QUERY PLAN'] as string)[0].Plan);
};

/** The most rows that a part of a plan passes on. */
export const mostRows = (plan: PlanNode[]): number =>
  Math.max(...plan.map((node) => node['Actual Rows'] * node['Actual Loops']));
