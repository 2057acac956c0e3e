import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurations, removeFolder, template } from './package';

/** For the linters: the template of every configuration as a file. */
const write = async (folder: string) => {
  for (const [name, settings] of Object.entries(configurations)) {
    const { values: _, ...text } = await template(settings);
    writeFileSync(join(folder, `${name}.template.json`), JSON.stringify(text, null, 2));
  }
  removeFolder();
};

write(process.argv[2] as string);
