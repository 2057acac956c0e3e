import { startLambdaService } from '../../../localstack/lambda/service';

// A service to be killed: its functions are given on the command line, its URL goes to standard output.
const [, , runtimeClient = '', taskRoot = '', folder = ''] = process.argv;
const timeoutMs = 25_000;
const behave = { runtimeClient, taskRoot, handler: 'behave.handler' };
const loading = {
  runtimeClient,
  taskRoot,
  handler: 'loading.handler',
  env: { PID_FILE: `${folder}/loading.pid` },
};
startLambdaService({
  functions: { f: { timeoutMs, environments: behave }, loading: { timeoutMs, environments: loading } },
}).then(({ url }) => console.log(url));
