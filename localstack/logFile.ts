import { createWriteStream } from 'node:fs';

/** Thousands of lines a second are a few writes. */
const gatherMs = 20;

/** Appends lines to a file. That it cannot, as on a full disk, stops nobody. */
export const openLogFile = (path: string) => {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  stream.on('error', () => {});
  return {
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
