import type { Database } from '../../lib/postgres/database';

const moments = {
  metrics_executions: ['created_at', 'updated_at'],
  model_states: ['effective_from', 'next_due', 'expected_by', 'missed_at', 'newest_run', 'data_timestamp'],
  results: ['"timestamp"'],
  runs: ['scheduled_time', 'data_timestamp', 'started_at', 'finished_at', 'catch_up_at'],
};

const shift = async (db: Database, interval: string) => {
  for (const [table, columns] of Object.entries(moments)) {
    const changes = columns.map((column) => `${column} = ${column} - interval '${interval}'`);
    await db.query(`UPDATE ${table} SET ${changes.join(', ')}`);
  }
};

/**
 * Moves all that is stored into the past, as if so many minutes had passed in which nothing ran. Cron expressions stay:
 * they mean the same only after whole hours, or where they name every minute.
 */
export const timePasses = async (db: Database, minutes: number) => {
  await shift(db, '100 years'); // so that no run meets another one's due time on the way
  await shift(db, `${minutes} minutes -100 years`);
};

const began = Math.floor(Date.now() / 60_000);

/** So many minutes before the minute in which the test file began. */
export const minutesAgo = (minutes: number) => new Date((began - minutes) * 60_000);

/** A cron expression that is due in these minutes of each hour, told by how long ago each was. */
export const hourlyAt = (...agos: number[]) =>
  `${agos.map((minutes) => minutesAgo(minutes).getUTCMinutes()).join(',')} * * * *`;
