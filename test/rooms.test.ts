import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

// Who may import whom. .github/CONTRIBUTING.md says what each folder is for.

const files = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', 'functions', 'lib', 'localstack'],
  {
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n')
  .filter((file) => /\.(ts|mjs)$/.test(file) && !file.startsWith('lib/dashboard/'));

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const importsOf = (from: string): Import[] =>
  Array.from(
    readFileSync(from, 'utf8').matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']*)'/gms),
    ([, type, path]) => ({
      from,
      to: normalize(join(dirname(from), path as string)),
      typeOnly: type !== undefined,
    }),
  );

const imports = files.flatMap(importsOf);

const within = (...folders: string[]) => {
  const starts = folders.map((folder) => `${folder}/`);
  return (path: string) => starts.some((start) => path.startsWith(start));
};

const adapters = within('lib/postgres', 'lib/redis', 'lib/scheduler', 'lib/channels');
const domain = within('lib/schedule', 'lib/samples', 'lib/metrics', 'lib/runs', 'lib/alerts');

const told = ({ from, to }: Import) => `${from} imports ${to}`;

const forbidden: Record<string, (it: Import) => boolean> = {
  'lib/ imports nothing of functions/ or localstack/': ({ from, to }) =>
    within('lib')(from) && within('functions', 'localstack')(to),
  'a function imports no other function': ({ from, to }) =>
    within('functions')(from) && within('functions')(to),
  'only functions/ and the gateway before them import lib/http/': ({ from, to }) =>
    !within('functions', 'lib/http', 'localstack/gateway')(from) && within('lib/http')(to),
  'a room of the domain gets its adapters by argument: it imports their types alone': ({
    from,
    to,
    typeOnly,
  }) => domain(from) && adapters(to) && !typeOnly,
  'clients are made in lib/runtime/clients.ts, for functions/ alone': ({ from, to }) =>
    to === 'lib/runtime/clients' && !within('functions')(from),
  'an adapter knows nothing of HTTP': ({ from, to }) => adapters(from) && within('lib/http')(to),
};

test('there are imports to look at', () => {
  expect(imports.length).toBeGreaterThan(200);
});

test.each(Object.keys(forbidden))('%s', (rule) => {
  expect(imports.filter(forbidden[rule] as (it: Import) => boolean).map(told)).toEqual([]);
});

test('every file of lib/ lies in a room', () => {
  expect(files.filter((file) => /^lib\/[^/]+$/.test(file))).toEqual([]);
});

test('environment variables of the service are read in lib/runtime/env.ts alone', () => {
  const readers = files.filter(
    (file) =>
      file.endsWith('.ts') &&
      !within('localstack')(file) &&
      /process\.env\b/.test(readFileSync(file, 'utf8')),
  );
  expect(readers).toEqual(['lib/runtime/env.ts']);
});

test('SQL stands in sql/ alone', () => {
  const sql = /\b(SELECT .+ FROM|INSERT INTO|UPDATE .+ SET|DELETE FROM)\b/;
  expect(files.filter((file) => sql.test(readFileSync(file, 'utf8')))).toEqual([]);
});
