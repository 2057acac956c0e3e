import { migrate } from '../lib/postgres/migrate';
import { env } from '../lib/runtime/env';
import { loadTestData } from './testData';

const run = async () => {
  await migrate(env('DATABASE_URL'));
  if (process.argv.includes('--test-data')) await loadTestData(env('DATABASE_URL'));
};

run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
