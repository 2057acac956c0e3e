const signature = 'PGCOPY\n\xff\r\n\0';

/**
 * The columns of the first row in what `COPY ... (FORMAT binary)` sent, as views of it; none if it sent no row.
 * https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
 */
export const firstRow = (copy: Buffer): (Buffer | null)[] => {
  const extension = signature.length + 4;
  let at = extension + 4 + copy.readInt32BE(extension);
  const columns = copy.readInt16BE(at);
  at += 2;
  const row: (Buffer | null)[] = [];
  while (row.length < columns) {
    const size = copy.readInt32BE(at);
    at += 4;
    row.push(size < 0 ? null : copy.subarray(at, at + size));
    at += Math.max(size, 0);
  }
  return row;
};
