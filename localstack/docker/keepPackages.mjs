import { readFile, writeFile } from 'node:fs/promises';

/**
 * Leaves only the named packages in package.json, and with --dependencies those that the functions use: `npm ci` then
 * installs no others, in the versions of package-lock.json.
 */
const keepPackages = async ([...names]) => {
  const { dependencies, devDependencies, ...manifest } = JSON.parse(await readFile('package.json', 'utf8'));
  const all = { ...devDependencies, ...dependencies };
  const kept = names.flatMap((name) => (name === '--dependencies' ? Object.keys(dependencies) : [name]));
  manifest.dependencies = Object.fromEntries(kept.map((name) => [name, all[name]]));
  await writeFile('package.json', JSON.stringify(manifest));
};

await keepPackages(process.argv.slice(2));
