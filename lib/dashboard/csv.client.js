/** A cell with its quotes, and what comes after it. */
const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|$)/g;

/** @param {string} text @returns {string[][]} */
const rowsOf = (text) => {
  /** @type {string[][]} */
  const rows = [[]];
  for (const [, value = '', end] of text.matchAll(cell)) {
    rows.at(-1)?.push(value);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
};

/**
 * One CSV text of the pages of a list. A page has only the columns that its rows need; all that are in any are kept.
 * @param {string[]} pages
 * @param {(cellOf: (column: string) => string) => boolean} [wanted] of a row
 */
export const joinCsv = (pages, wanted = () => true) => {
  const tables = pages.map(rowsOf);
  const columns = [...new Set(tables.flatMap(([head = []]) => head))];
  const lines = tables.flatMap(([head = [], ...rows]) => {
    const places = new Map(head.map((column, at) => [column, at]));
    return rows
      .map((row) => (/** @type {string} */ column) => row[places.get(column) ?? -1] ?? '')
      .filter(wanted)
      .map((cellOf) => columns.map(cellOf).join(','));
  });
  return [columns.join(','), ...lines, ''].join('\r\n');
};
