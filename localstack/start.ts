import { parseArgs } from 'node:util';
import { start } from './launcher';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const run = async () => {
  const { values } = parseArgs({ options: { demo: { type: 'boolean', default: false } } });
  await start(values);
};

run().catch((error: Error) => {
  console.error(`cyclic-metrics: ${error.message}`);
  process.exit(1);
});
