import { speed } from '../faults/fastTime';
import { startSystem } from '../faults/system';
import { round } from './numbers';
import { pssMbByRole } from './processes';
import type { Stage } from './stage';

const models = 200;

/** An hour of fast time with the real clock and environments: their memory just before each minute. */
export const benchSoak = async ({ small }: Stage) => {
  const minutes = small ? 4 : 60;
  const system = await startSystem(models);
  try {
    await system.startClock();
    const rows = [];
    for (let minute = 1; minute <= minutes; minute++) {
      await system.until(minute, 55);
      const memory = pssMbByRole(process.pid);
      rows.push({
        minute,
        'clock MB': round(memory.clock ?? 0, 1),
        'environments MB': round(memory.environments ?? 0, 1),
        'Lambda service and Scheduler MB': round(memory.other ?? 0, 1),
      });
    }
    const [{ count }] = await system.sql('SELECT count(*)::int FROM runs');
    return { rows, speed, runs: count, expected: models * minutes };
  } finally {
    await system.stop();
  }
};
