import { startLambdaService } from '../../localstack/lambda/service';

// A service to be killed: its functions are given on the command line, its URL goes to standard output.
const [, , runtimeClient = '', taskRoot = ''] = process.argv;
const environments = { runtimeClient, taskRoot, handler: 'behave.handler', max: 2 };
startLambdaService({ functions: { f: { timeoutMs: 25_000, environments } } }).then(({ url }) =>
  console.log(url),
);
