export type ColumnName = 'y_true' | 'y_pred' | 'y_score';

export type Reason =
  | 'not_json'
  | 'not_a_list'
  | 'lengths'
  | 'empty'
  | 'null'
  | 'object'
  | 'string'
  | 'big_integer'
  | 'ragged'
  | 'deep'
  | 'empty_rows'
  | 'infinity'
  | 'continuous'
  | 'multioutput'
  | 'rows_and_labels'
  | 'row_widths'
  | 'strings_and_numbers'
  | 'no_indicator'
  | 'too_many';

/** Columns that scikit-learn would refuse to score. The message names the column and the reason. */
export class InvalidData extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
    /** The column at fault; undefined when it takes several. */
    readonly column?: ColumnName,
  ) {
    super(message);
  }
}

const WHAT = {
  null: 'holds null, which is no label',
  object: 'holds an object, which is no label',
  big_integer: 'holds an integer that does not fit into 64 bits',
  ragged: 'has rows of different lengths, or rows next to single labels',
  deep: 'has lists nested more than two deep',
  empty_rows: 'has an empty row',
} satisfies Partial<Record<Reason, string>>;

export const at = (sample: number): string => `(sample ${sample}, counted from 0)`;

export const badLabel = (column: ColumnName, reason: keyof typeof WHAT, sample: number): InvalidData =>
  new InvalidData(reason, `${column} ${WHAT[reason]} ${at(sample)}`, column);

export const tooMany = (column: ColumnName, most: number, what: string): InvalidData =>
  new InvalidData('too_many', `${column} has more than ${most} ${what}: store fewer samples a row`, column);

/** A column whose text does not begin like a list of JSON. */
export const notAList = (column: ColumnName, json: Buffer): InvalidData => {
  const first = json.toString('latin1').trimStart()[0] ?? '';
  const found = { '{': 'an object', '"': 'a string', t: 'true', f: 'false', n: 'null' }[first];
  const what = found ?? (/[-\d]/.test(first) ? 'a number' : 'a text cut short');
  return new InvalidData('not_a_list', `${column} is not a list of labels but ${what}`, column);
};
