import { startServerlessOffline } from './serverlessOffline';
import { readSettings } from './settings';

/** API Gateway, on this machine. */
const main = async () => {
  const settings = readSettings(process.env);
  const starting = startServerlessOffline(__dirname);
  const [{ gatewayHandler }, { startServer }] = await Promise.all([import('./handler'), import('./server')]);
  const offline = await starting;
  const server = await startServer(
    settings.host,
    settings.port,
    gatewayHandler(settings, offline.socketPath),
  );
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopping = true;
      server.close();
      offline.stop();
    });
  }
  await offline.ended;
  if (!stopping) throw new Error('serverless-offline has ended');
  process.exit(0);
};

main().catch((error: Error) => {
  console.error(`gateway: ${error.message}`);
  process.exit(1);
});
