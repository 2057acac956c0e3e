import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod';

/** Where a clock stands: every due time up to `since` (ms) has been delivered or given up, but for `undelivered`. */
export interface Standing {
  since: number;
  /** Due times (ms) by the schedule's name. */
  undelivered: Map<string, number[]>;
}

/** Keeps the standing in a file, so that a restart goes on there. */
export interface Place {
  read: () => Promise<Standing | undefined>;
  write: (standing: Standing) => Promise<void>;
}

const standingSchema = z.object({
  since: z.iso.datetime(),
  undelivered: z.record(z.string(), z.array(z.int())),
});

const parse = (text: string): Standing | undefined => {
  try {
    const { since, undelivered } = standingSchema.parse(JSON.parse(text));
    return { since: Date.parse(since), undelivered: new Map(Object.entries(undelivered)) };
  } catch {
    return undefined;
  }
};

/** The file is replaced in one step, one write after the other: a crash leaves an old standing or the new one. */
export const filePlace = (file: string): Place => {
  let last = Promise.resolve();
  const write = async (text: string) => {
    await writeFile(`${file}.new`, text, { flush: true });
    await rename(`${file}.new`, file);
  };
  return {
    read: async () => parse(await readFile(file, 'utf8').catch(() => '')),
    write: ({ since, undelivered }) => {
      const text = JSON.stringify({
        since: new Date(since),
        undelivered: Object.fromEntries(undelivered),
      });
      last = last.catch(() => {}).then(() => write(text));
      return last;
    },
  };
};
