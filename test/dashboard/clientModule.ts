import { readFileSync } from 'node:fs';
import { transformSync } from '@swc/core';

/** A module of the page that imports nothing, outside a browser. */
export const clientModule = <Exports>(name: string): Exports => {
  const source = readFileSync(`lib/dashboard/${name}.client.js`, 'utf8');
  const { code } = transformSync(source, { module: { type: 'commonjs' } });
  const exports = {};
  new Function('exports', code)(exports);
  return exports as Exports;
};
