import { start } from './launcher';

start().catch((error: Error) => {
  console.error(`cyclic-metrics: ${error.message}`);
  process.exit(1);
});
