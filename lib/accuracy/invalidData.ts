export type Column = 'y_true' | 'y_pred';

export type Reason =
  | 'not_a_list'
  | 'lengths'
  | 'empty'
  | 'null'
  | 'object'
  | 'big_integer'
  | 'ragged'
  | 'deep'
  | 'empty_rows'
  | 'infinity'
  | 'continuous'
  | 'multioutput'
  | 'rows_and_labels'
  | 'row_widths'
  | 'strings_and_numbers';

/** Two columns that scikit-learn would refuse to score. The message names the column and the reason. */
export class InvalidData extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
    /** The column at fault; undefined when it takes both. */
    readonly column?: Column,
  ) {
    super(message);
  }
}
