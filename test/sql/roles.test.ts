import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { Client, DatabaseError } from 'pg';
import { parse } from 'yaml';
import { addPredictions } from '../../functions/addPredictions';
import { deleteSchedule } from '../../functions/deleteSchedule';
import { getSchedule } from '../../functions/getSchedule';
import { health } from '../../functions/health';
import { listSchedules } from '../../functions/listSchedules';
import { overview } from '../../functions/overview';
import { prune } from '../../functions/prune';
import { reconcile } from '../../functions/reconcile';
import { watch } from '../../functions/watch';
import { type Database, openDatabase } from '../../lib/postgres/database';
import { makeRoles, type Roles } from '../../lib/postgres/makeRoles';
import { readUpload } from '../../lib/samples/upload/readUpload';
import { storeLabels, storePredictions } from '../../lib/samples/upload/storeUpload';
import { entries } from '../deploy/functions';
import { modelsOf } from '../setup/models';
import { hourlyAt, minutesAgo } from '../setup/time';
import { modelNamed, openWorld, type World } from '../setup/world';

const id = randomBytes(6).toString('hex');
const owner = { name: `owner_${id}`, password: 'of the owner' };
const roles: Roles = {
  app: { name: `app ${id}`, password: "it's \\ of the app" },
  read: { name: `read_${id}`, password: '50% of the reader' },
};

let world: World;
let admin: Client;
let url: (role: { name: string; password: string }) => string;
let app: Database;
let reader: Database;

/** A database whose owner is no superuser but may make roles, as a cloud gives it. */
beforeAll(async () => {
  world = await openWorld();
  admin = new Client({ connectionString: process.env.TEST_DATABASE_URL });
  await admin.connect();
  await admin.query(`CREATE ROLE ${owner.name} LOGIN CREATEROLE PASSWORD '${owner.password}'`);
  await admin.query(`CREATE DATABASE roles_${id} OWNER ${owner.name}`);
  const server = new URL(process.env.TEST_DATABASE_URL as string);
  url = ({ name, password }) =>
    `postgres://${encodeURIComponent(name)}:${encodeURIComponent(password)}@${server.host}/roles_${id}`;
  const env = { ...process.env, DATABASE_URL: url(owner) };
  await promisify(execFile)(process.execPath, ['.build/migrate.js'], { env });
  await makeRoles(url(owner), roles);
  app = openDatabase(url(roles.app), 4);
  reader = openDatabase(url(roles.read), 4);
});

afterAll(async () => {
  await app.end();
  await reader.end();
  await admin.query(`DROP DATABASE roles_${id} WITH (FORCE)`);
  for (const { name } of [roles.app, roles.read, owner]) await admin.query(`DROP ROLE "${name}"`);
  await admin.end();
  await world.close();
});

const asOwner = async (sql: string) => {
  const client = new Client({ connectionString: url(owner) });
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
};

/** All that the catalog says about who may do what. */
const rights = () =>
  asOwner(`
    SELECT relname AS name, relacl::text AS acl FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proname, proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname = 'public'
    UNION ALL SELECT datname, datacl::text FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT rolname, concat(rolsuper, rolcreaterole, rolcreatedb, rolcanlogin) FROM pg_roles
    ORDER BY 1, 2`);

const permissionDenied = (error: unknown) => error instanceof DatabaseError && error.code === '42501';

const { loader } = parse(readFileSync('serverless.yml', 'utf8')).custom.esbuild;

const searchModels = readFileSync('sql/queries/searchModels.sql', 'utf8');

/** The queries in a function's bundle. */
const queriesOf = async (name: string) => {
  const { metafile } = await build({
    entryPoints: [`functions/${name}.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
    loader,
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).filter(
    ([file, { bytesInOutput }]) => file.endsWith('.sql') && bytesInOutput > 0,
  );
  return files
    .map(([file]) => readFileSync(file, 'utf8'))
    .filter((text) => !/^(COPY|CREATE TEMPORARY) /m.test(text)) // these have no plan
    .map((text) =>
      text
        .replaceAll(/(FROM|JOIN) incoming\b(?! AS)/g, `$1 ${incoming} AS incoming`)
        .replaceAll(/(FROM|JOIN) incoming(?= AS)/g, `$1 ${incoming}`)
        .replaceAll('{key}', 'value')
        .replaceAll('{direction}', 'DESC')
        .replaceAll('{status}', "status = 'ok'")
        .replaceAll('{search}', searchModels),
    );
};

/** The table of an upload, which is there while it lasts. */
const incoming = `(SELECT 1 AS line, 'a'::text AS id, now() AS "timestamp", '1'::text AS y_pred, '1'::text AS y_score,
  '1'::text AS y_true, '{}'::jsonb AS segments)`;

/** Whether a role may run all of the queries: PostgreSQL checks its rights when it makes a plan ready to run. */
const mayRun = async (db: Database, queries: string[]) => {
  for (const query of queries) {
    try {
      await db.query(`EXPLAIN (GENERIC_PLAN) ${query}`);
    } catch (error) {
      if (permissionDenied(error)) return false;
      throw error;
    }
  }
  return true;
};

const connecting = entries.flatMap(([name, { database }]) =>
  database === 'app' || database === 'read' ? [{ name, database }] : [],
);

test.each(connecting)('$name may run its queries as $database, and could not with less', async (it) => {
  const queries = await queriesOf(it.name);
  expect(queries.length).toBeGreaterThan(0);
  expect(await mayRun(it.database === 'app' ? app : reader, queries)).toBe(true);
  expect(await mayRun(reader, queries)).toBe(it.database === 'read');
});

test('all that changes something works as app, and all that reads it as read', async () => {
  const writing = { ...world, db: app };
  const models = modelsOf(writing);
  await models.post(1, { cron_expression: hourlyAt(5) });
  await models.patch(1, { catch_up: 'all' });
  await models.insert(2, { cron_expression: hourlyAt(10) }, minutesAgo(20));
  const body = '{"y_true": [1, 0], "y_pred": [1, 1]}';
  await addPredictions(writing)(
    { model_id: modelNamed(1), y_true: [1, 0], y_pred: [1, 1], timestamp: undefined },
    body,
  );
  const csv = readUpload(
    'predictions',
    { type: 'text/csv', bytes: Buffer.from('id,y_pred\na,1\n') },
    undefined,
    90,
  );
  expect(await storePredictions(app, modelNamed(1), csv)).toMatchObject({ new: 1 });
  const label = readUpload(
    'labels',
    { type: 'text/csv', bytes: Buffer.from('id,y_true\na,1\n') },
    undefined,
    90,
  );
  expect(await storeLabels(app, modelNamed(1), label)).toMatchObject({ new: 1 });
  expect(await models.run(1, minutesAgo(5))).toMatchObject({ status: 'ok', accuracy: 0.5 });
  expect(await watch(writing)()).toEqual({ missed: 1, invoked: 1, revised: 0 });
  expect(await reconcile(writing)()).toMatchObject({ equal: 1, missing: 1 });
  expect(await prune({ db: app, keepDays: 1, keepPerModel: 1, keepPredictionDays: 90 })()).toEqual({
    old: 0,
    many: 0,
    run_months: 0,
    months: 0,
    labels: 0,
    rows: 0,
  });

  const reading = { ...world, db: reader };
  const read = modelsOf(reading);
  expect(await read.result(1)).toMatchObject({ status: 'ok', accuracy: 0.5 });
  expect(await read.history(1)).toHaveLength(1);
  expect((await read.missed(2)).items).toHaveLength(1);
  expect((await getSchedule(reading)({ model_id: modelNamed(1) })).status).toBe(200);
  expect((await listSchedules(reading)({ limit: 10, cursor: undefined })).body.items).toHaveLength(2);
  const page = await overview(reading)({ limit: 10, offset: 0, sort: 'status', order: 'asc' });
  expect(page.body).toMatchObject({ total: 2, counts: { ok: 1, stale: 1 } });
  expect((await health({ ...reading, reconcileEveryMs: 300_000 })()).body).toMatchObject({
    postgresql: { ok: true },
    stale_models: 1,
    waiting_labels: 0,
  });

  expect(await deleteSchedule(writing)({ model_id: modelNamed(1) })).toEqual({ status: 204 });
});

test('watch puts a large table of counts together as app, in the right of the owner', async () => {
  await app.query("INSERT INTO status_counts SELECT 'pending', 1 FROM generate_series(1, 30000)");
  const sum = async () =>
    (await reader.query("SELECT sum(models)::int FROM status_counts WHERE status = 'pending'"))[0];
  const before = await sum();
  await app.query('SELECT sum_status_counts()');
  expect(await sum()).toEqual(before);
  expect(await reader.query("SELECT pg_relation_size('status_counts')::int AS size")).toEqual([
    { size: 8192 },
  ]);
});

test('a table of the same name that a caller makes for itself does not take its place', async () => {
  await app.transaction(async ({ query }) => {
    await query('CREATE TEMP TABLE status_counts (status text, models bigint) ON COMMIT DROP');
    await query("INSERT INTO status_counts VALUES ('ok', 1), ('ok', 1)");
    await query('SELECT sum_status_counts()');
    expect(await query('SELECT * FROM pg_temp.status_counts')).toHaveLength(2);
  });
});

const changes = [
  'CREATE TABLE mine (id int)',
  'CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
  'CREATE SCHEMA mine',
  'CREATE INDEX ON runs (error)',
  'CREATE TRIGGER mine AFTER INSERT ON runs FOR EACH ROW EXECUTE FUNCTION count_status()',
  'ALTER TABLE runs ADD COLUMN mine text',
  'ALTER TABLE model_states DISABLE TRIGGER ALL',
  'ALTER FUNCTION sum_status_counts() SECURITY INVOKER',
  'DROP TABLE runs',
  'DROP FUNCTION sum_status_counts()',
  'TRUNCATE runs',
  'TRUNCATE status_counts',
  'SELECT * FROM migrations',
  "INSERT INTO migrations (name, run_on) VALUES ('mine', now())",
  'CREATE ROLE mine',
];

const writes = [
  'DELETE FROM runs',
  'UPDATE runs SET accuracy = 1',
  "INSERT INTO status_counts VALUES ('ok', 1)",
  "INSERT INTO results (model_id, y_true, y_pred) VALUES (gen_random_uuid(), '[1]', '[1]')",
  'UPDATE metrics_executions SET enabled = false',
  'SELECT * FROM model_states FOR UPDATE',
  'SELECT sum_status_counts()',
];

test.each(changes)('neither role may %s', async (sql) => {
  for (const db of [app, reader]) expect(await db.query(sql).then(() => 'done', permissionDenied)).toBe(true);
});

test('neither role may become the owner', async () => {
  for (const db of [app, reader])
    expect(await db.query(`SET ROLE ${owner.name}`).then(() => 'done', permissionDenied)).toBe(true);
});

test.each(writes)('the role that reads may not %s', async (sql) => {
  expect(await reader.query(sql).then(() => 'done', permissionDenied)).toBe(true);
});

test('the script may run again, and twice at once: nothing changes, and passwords are set again', async () => {
  const before = await rights();
  await Promise.all([makeRoles(url(owner), roles), makeRoles(url(owner), roles)]);
  expect(await rights()).toEqual(before);
  const rotated = { name: roles.read.name, password: 'another' };
  await makeRoles(url(owner), { ...roles, read: rotated });
  const asked = async (role: typeof rotated) => {
    const db = openDatabase(url(role), 1);
    return db
      .query('SELECT 1')
      .then(
        () => 'let in',
        () => 'refused',
      )
      .finally(() => db.end());
  };
  expect([await asked(rotated), await asked(roles.read)]).toEqual(['let in', 'refused']);
  await makeRoles(url(owner), roles);
});

test('rights that a role was given by hand are gone after the next run', async () => {
  const before = await rights();
  await asOwner(
    `GRANT TRUNCATE, INSERT ON runs TO ${roles.read.name}; GRANT CREATE ON SCHEMA public TO ${roles.read.name}`,
  );
  await makeRoles(url(owner), roles);
  expect(await rights()).toEqual(before);
});

test('a role that could change tables all the same is refused', async () => {
  for (const name of [owner.name, 'postgres'])
    await expect(makeRoles(url(owner), { ...roles, read: { name, password: 'x' } })).rejects.toThrow(
      `role "${name}" could change tables`,
    );
  expect(await asOwner('SELECT 1 AS one')).toEqual([{ one: 1 }]); // with its password of before
});

test('an owner who may not make roles uses those that are there, and leaves their passwords', async () => {
  const before = await rights();
  await admin.query(`ALTER ROLE ${owner.name} NOCREATEROLE`);
  try {
    await makeRoles(url(owner), { ...roles, read: { name: roles.read.name, password: 'not known there' } });
    const unknown = { name: 'nobody_made_it', password: 'x' };
    await expect(makeRoles(url(owner), { ...roles, read: unknown })).rejects.toThrow('permission denied');
  } finally {
    await admin.query(`ALTER ROLE ${owner.name} CREATEROLE`);
  }
  expect(await rights()).toEqual(before);
});
