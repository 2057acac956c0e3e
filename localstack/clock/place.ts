import { readFile, rename, writeFile } from 'node:fs/promises';

/** Up to which minute every due time has been delivered or given up; kept in a file, so that a restart goes on there. */
export interface Place {
  read: () => Promise<number | undefined>;
  write: (minuteMs: number) => Promise<void>;
}

/** The file is replaced in one step, one write after the other: a crash leaves an old place or the new one. */
export const filePlace = (file: string): Place => {
  let last = Promise.resolve();
  const write = async (minuteMs: number) => {
    await writeFile(`${file}.new`, `${new Date(minuteMs).toISOString()}\n`);
    await rename(`${file}.new`, file);
  };
  return {
    read: async () => {
      const text = await readFile(file, 'utf8').catch(() => '');
      const ms = Date.parse(text.trim());
      return Number.isNaN(ms) ? undefined : ms;
    },
    write: (minuteMs) => {
      last = last.catch(() => {}).then(() => write(minuteMs));
      return last;
    },
  };
};
