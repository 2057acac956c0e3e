import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';

const usage = `usage: npm run apply -- schedules.yml [--dry-run]

The file, YAML or JSON, has a list of schedules, with the fields of POST /schedule, or a tag and schedules: then other schedules
with that tag are deleted. --dry-run only tells what would be done. CYCLIC_URL is the service (http://127.0.0.1:5000 if not set),
CYCLIC_TOKEN a token that may write, where one is needed.`;

const fail = (/** @type {string} */ message, code = 1) => {
  console.error(message);
  process.exit(code);
};

const read = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { 'dry-run': { type: 'boolean' } },
    });
  } catch (error) {
    return fail(`${/** @type {Error} */ (error).message}\n\n${usage}`, 2);
  }
};

const { positionals, values } = read();
const [file, ...others] = positionals;
if (!file || others.length > 0) fail(usage, 2);

const { CYCLIC_URL: url = 'http://127.0.0.1:5000', CYCLIC_TOKEN: token } = process.env;

/** Asks the service; its problems end the program, in its own words. */
const put = async (/** @type {unknown} */ set, /** @type {boolean} */ dryRun) => {
  const response = await fetch(`${url}/schedules?dry_run=${dryRun}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(set),
  }).catch((error) => fail(`${url}: ${error.cause?.message ?? error.message}`));
  const body = await response.json();
  if (response.ok) return body;
  const errors = body.errors?.map(({ path, message }) => `  ${path}: ${message}`) ?? [];
  return fail([`${response.status} ${body.detail ?? body.message}`, ...errors].join('\n'));
};

const document = parse(readFileSync(file, 'utf8'));
const set = Array.isArray(document) ? { schedules: document } : document;

const plan = await put(set, true);
for (const model of plan.new) console.log(`+ ${model}`);
for (const { model_id, fields } of plan.changed) console.log(`~ ${model_id} ${fields.join(', ')}`);
for (const model of plan.removed) console.log(`- ${model}`);
console.log(
  `${plan.new.length} new, ${plan.changed.length} changed, ${plan.removed.length} removed, ${plan.unchanged} as they are`,
);
if (!values['dry-run'] && plan.new.length + plan.changed.length + plan.removed.length > 0) {
  const { failed } = await put(set, false);
  for (const { model_id, message } of failed) console.error(`failed: ${model_id}: ${message}`);
  if (failed.length > 0) process.exit(1);
  console.log('done');
}
