import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What bundle.mjs has left of serverless.yml. */
interface Service {
  provider: { environment: Environment };
  functions: Record<string, { environment?: Environment; events: object[] }>;
}

type Environment = Record<string, string | number>;

/** `${env:NAME, 'otherwise'}`, the only variables that are known no sooner than now. */
const filled = (environment: Environment = {}): Environment =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      String(value).replace(
        /\$\{env:(\w+), '?(.*?)'?\}/g,
        (_, variable, otherwise) => process.env[variable] ?? otherwise,
      ),
    ]),
  );

/** As much of Serverless Framework as its plugin asks for. */
const framework = (folder: string) => {
  const service: Service = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8'));
  for (const part of [service.provider, ...Object.values(service.functions)]) {
    part.environment = filled(part.environment);
  }
  return {
    config: { servicePath: folder },
    service: {
      ...service,
      getAllFunctions: () => Object.keys(service.functions),
      getFunction: (name: string) => service.functions[name],
      getAllEventsInFunction: (name: string) => service.functions[name]?.events,
    },
  };
};

/**
 * The plugin serverless-offline, without the framework that loads it elsewhere: that needs a second to load itself, and
 * as long again to check what test/deploy has checked.
 */
const main = async ([httpPort, lambdaPort]: string[]) => {
  const { default: ServerlessOffline } = await import('serverless-offline' as string);
  const nothing = () => {};
  const quiet = { debug: nothing, verbose: nothing, info: nothing, notice: nothing };
  const log = { ...quiet, warning: console.error, error: console.error };
  console.log = nothing; // the table of routes is no event; functions log past the console
  const offline = new ServerlessOffline(
    framework(process.cwd()),
    { stage: 'local', noSponsor: true, httpPort, lambdaPort },
    { log },
  );
  process.once('SIGTERM', () => offline.end());
  await offline.start();
  process.send?.('ready');
};

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`serverless-offline: ${error.stack}`);
  process.exit(1);
});
