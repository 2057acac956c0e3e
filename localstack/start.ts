import { start } from './launcher';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

start().catch((error: Error) => {
  console.error(`cyclic-metrics: ${error.message}`);
  process.exit(1);
});
