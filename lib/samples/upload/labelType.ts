import readLabelTypeSql from '../../../sql/queries/readLabelType.sql';
import type { Queries } from '../../postgres/database';
import type { LabelType } from './csv';
import type { Upload } from './rows';

/**
 * What the labels of a CSV are, as the request says or else the model's schedule; undefined: what they evidently are.
 * @param asked by the request
 */
export const labelTypeOf = async (
  db: Queries,
  model_id: string,
  { type }: Upload,
  asked: LabelType | undefined,
): Promise<LabelType | undefined> => {
  if (asked || type !== 'text/csv') return asked;
  const [declared] = await db.query<{ label_type: LabelType | null }>(readLabelTypeSql, [model_id]);
  return declared?.label_type ?? undefined;
};
