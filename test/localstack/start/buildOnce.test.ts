import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'build-test-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};

/** The real build.mjs, with `making` in the place of bundle.mjs. */
const build = () => spawnSync(process.execPath, ['localstack/build.mjs'], { cwd: folder }).status;

const isMade = () => {
  rmSync(at('made'), { force: true });
  expect(build()).toBe(0);
  return existsSync(at('made'));
};

const making = `import { writeFileSync } from 'node:fs';\nwriteFileSync('made', '');\n`;

beforeEach(() => {
  rmSync(folder, { recursive: true });
  for (const name of ['lib/a.ts', 'functions/b.ts', 'sql/c.sql', 'package-lock.json']) write(name, name);
  mkdirSync(at('localstack'));
  cpSync(resolve('localstack/build.mjs'), at('localstack/build.mjs'));
  write('localstack/bundle.mjs', making);
  expect(isMade()).toBe(true);
});

test('a build of what was built already makes nothing, whatever the times of the files', () => {
  expect(isMade()).toBe(false);
  write('lib/a.ts', readFileSync(at('lib/a.ts'), 'utf8'));
  write('README.md', 'no source');
  expect(isMade()).toBe(false);
});

test.each<[string, () => void]>([
  ['a source changes', () => write('lib/a.ts', 'changed')],
  ['a source is added', () => write('lib/deep/new.ts', '')],
  ['a source is deleted', () => rmSync(at('functions/b.ts'))],
  ['a source has another name', () => renameSync(at('lib/a.ts'), at('lib/z.ts'))],
  ['a query changes', () => write('sql/c.sql', 'SELECT 1')],
  ['package-lock.json changes', () => write('package-lock.json', '{}')],
  ['other packages are installed', () => write('node_modules/.package-lock.json', '{}')],
  ['bundle.mjs changes', () => write('localstack/bundle.mjs', `${making}// changed\n`)],
  ['the build is deleted', () => rmSync(at('.build'), { recursive: true })],
])('when %s, the next build makes everything, once', (_, change) => {
  change();
  expect(isMade()).toBe(true);
  expect(isMade()).toBe(false);
});

test.each([
  ['fails', 'throw new Error("no");', 1],
  ['is killed', 'process.kill(process.pid, "SIGKILL");', null],
])('a build that %s half-way is not trusted, even when the sources are what they were', (_, end, status) => {
  write('localstack/bundle.mjs', `${making}${end}\n`);
  expect(build()).toBe(status);
  write('localstack/bundle.mjs', making);
  expect(isMade()).toBe(true);
});
