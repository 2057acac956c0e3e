import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Block {
  language: string;
  /** To be written, and not run by itself unless it is Python. */
  file?: string | undefined;
  text: string;
}

/** The code of each section of .github/RECIPES.md. */
export const recipes = new Map<string, Block[]>(
  readFileSync('.github/RECIPES.md', 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => [
      section.slice(0, section.indexOf('\n')),
      [...section.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map(
        ([, language = '', file, text = '']) => ({
          language,
          file,
          text,
        }),
      ),
    ]),
);

const commands: Record<string, string[]> = {
  sh: ['bash', '-euo', 'pipefail', '-c'],
  python: ['python', '-c'],
  powershell: ['pwsh', '-NoProfile', '-Command'],
  r: ['Rscript', '-e'],
};

/** Whether the machine has what a recipe needs. */
export const has = (command: string): boolean => {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** A folder where recipes run: with the tools that test/tools/install.sh put into `tools`, and what `npm run` needs. */
export const openKitchen = (folder: string, tools: string, url: string) => {
  mkdirSync(folder);
  for (const name of ['package.json', 'lib']) symlinkSync(resolve(name), join(folder, name));
  symlinkSync(join(tools, 'node_modules'), join(folder, 'node_modules'));
  const env = {
    ...process.env,
    PATH: `${tools}/bin:${process.env.PATH}`,
    MLFLOW_TRACKING_URI: join(folder, 'mlruns'),
    MLFLOW_ALLOW_FILE_STORE: 'true', // mlflow-skinny has no database
    NODE_OPTIONS: '',
  };
  const run = (command: string[]) => {
    const [program = '', ...args] = command;
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command.join(' ')}: ${status}\n${stdout}${stderr}`);
    return stdout;
  };
  const cook = ({ language, file, text }: Block): string => {
    const here = text.replaceAll('http://127.0.0.1:5000', url);
    if (file) writeFileSync(join(folder, file), here);
    const command = commands[language];
    return command && (!file || language === 'python') ? run([...command, here]) : '';
  };
  return {
    run,
    /** Runs a recipe. @returns all that it printed */
    cook: (name: string): string => (recipes.get(name) as Block[]).map(cook).join(''),
  };
};
