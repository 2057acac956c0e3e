import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

// Never ready.
writeFileSync(process.env.PID_FILE, `${process.pid}\n`);
await sleep(3_600_000);

export const handler = async () => 'never';
