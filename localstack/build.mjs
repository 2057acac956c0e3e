import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a build is made of. npm's list of what it has installed stands for all of node_modules. */
const sources = [
  '.deploy',
  'functions',
  'lib',
  'localstack',
  'node_modules/.package-lock.json',
  'package.json',
  'package-lock.json',
  'serverless.yml',
  'sql',
  'tsconfig.json',
];

const filesIn = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap((name) => filesIn(join(path, name)))
    : [path];

/** Of names and contents: times would miss a checkout of older files. */
const hashOf = (paths) => {
  const hash = createHash('sha256');
  for (const file of paths.filter(existsSync).flatMap(filesIn)) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
};

const stamp = '.build/sources.sha256';
const hash = hashOf(sources);

// The stamp goes first and comes back last: a build that was interrupted has none.
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
  mkdirSync('.build', { recursive: true });
  rmSync(stamp, { force: true });
  await import('./bundle.mjs');
  writeFileSync(stamp, hash);
}
