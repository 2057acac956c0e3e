import { createWriteStream, openSync } from 'node:fs';

/** Thousands of lines a second are a few writes. */
const gatherMs = 20;

/** Appends lines to a file. That it cannot, as on a full disk, stops nobody. */
export const openLogFile = (path: string) => {
  const fd = openSync(path, 'a', 0o600);
  const stream = createWriteStream(path, { fd });
  stream.on('error', () => {});
  return {
    /** For a process that writes its lines there itself. */
    fd,
    write: (line: string) => {
      if (stream.writableCorked === 0) {
        stream.cork();
        setTimeout(() => stream.uncork(), gatherMs);
      }
      stream.write(`${line}\n`);
    },
    close: () => new Promise<void>((resolve) => stream.end(() => resolve())),
  };
};
