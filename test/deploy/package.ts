import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';

const run = promisify(execFile);

export const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-deploy-'));
export const removeFolder = () => rmSync(folder, { recursive: true, force: true });

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation
export type Resource = { Type: string; Properties: any; Condition?: string; DependsOn?: string[] };
export type Template = Record<'Parameters' | 'Conditions', Record<string, unknown>> & {
  Resources: Record<string, Resource>;
  /** Of the parameters, as this deploy sets them. */
  values: Record<string, string>;
};

const byUrl = {
  API_TOKENS: `test:write:${'0'.repeat(64)}`,
  DATABASE_URL: 'postgres://metrics@db.example.com:5432/metrics?sslmode=verify-full',
  DATABASE_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:database-AbCdEf',
  REDIS_URL: 'rediss://metrics@cache.example.com:6379',
};

/** The configurations that are checked: what a user sets. */
export const configurations: Record<string, Record<string, string>> = {
  url: byUrl,
  vpc: {
    ...byUrl,
    STORES: 'vpc',
    SUBNET_IDS: 'subnet-0a1b2c3d,subnet-4e5f6a7b',
    SECURITY_GROUP_IDS: 'sg-0a1b2c3d',
    CORS_ORIGINS: 'https://Lab.example, http://localhost:8888',
  },
  managed: {
    API_TOKENS: byUrl.API_TOKENS,
    STORES: 'managed',
    DATABASE_PROXY: 'rds',
    TRACING: 'Active',
    RUNS_KEEP_DAYS: '7',
  },
  jwt: {
    ...byUrl,
    API_TOKENS: '',
    API_ACCESS: 'jwt',
    JWT_ISSUER: 'https://issuer.example.com',
    JWT_AUDIENCE: 'us',
  },
};

const serverless = resolve('node_modules/serverless/bin/serverless.js');

const packageIn = async (cwd: string, settings: Record<string, string>, to: string): Promise<Template> => {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, SLS_TELEMETRY_DISABLED: '1', ...settings };
  await run(process.execPath, [serverless, 'package', '--stage', 'prod', '--package', to], { cwd, env });
  const read = (file: string) => JSON.parse(readFileSync(join(to, file), 'utf8'));
  const { stackParameters } = read('serverless-state.json').service.provider;
  const values = stackParameters.map((it: Record<string, string>) => [it.ParameterKey, it.ParameterValue]);
  return { ...read('cloudformation-template-update-stack.json'), values: Object.fromEntries(values) };
};

/** With the functions' bundles. */
export const packageAll = (settings: Record<string, string>): Promise<Template> =>
  packageIn('.', settings, join(folder, 'package'));

/** The template alone, in a moment. */
export const template = async (settings: Record<string, string>): Promise<Template> => {
  const cwd = mkdtempSync(join(folder, 'template-'));
  const service = parse(readFileSync('serverless.yml', 'utf8'));
  service.plugins = [];
  delete service.custom.esbuild;
  service.package = { artifact: 'code.zip' };
  cpSync('.deploy', join(cwd, '.deploy'), { recursive: true });
  writeFileSync(join(cwd, 'serverless.yml'), stringify(service));
  writeFileSync(join(cwd, 'code.zip'), '');
  return packageIn(cwd, settings, join(cwd, 'package'));
};
