import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

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
  // Beside it this process goes on: else it would not see the service close an idle connection, and would write to it.
  const run = async ([program = '', ...args]: string[]): Promise<string> => {
    const running = promisify(execFile)(program, args, { cwd: folder, env });
    const { stdout } = await running.catch((error) => {
      throw new Error(`${error.message}\n${error.stdout}`); // the message has the command and what it wrote to stderr
    });
    return stdout;
  };
  const cook = async ({ language, file, text }: Block): Promise<string> => {
    const here = text.replaceAll('http://127.0.0.1:5000', url);
    if (file) writeFileSync(join(folder, file), here);
    const command = commands[language];
    return command && (!file || language === 'python') ? run([...command, here]) : '';
  };
  return {
    run,
    /** Runs a recipe. @returns all that it printed */
    cook: async (name: string): Promise<string> => {
      let printed = '';
      for (const block of recipes.get(name) as Block[]) printed += await cook(block);
      return printed;
    },
  };
};
