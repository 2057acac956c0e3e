import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { freePort } from '../../localstack/ports';
import { startPostgres } from '../../localstack/servers/postgres';
import { startRedis } from '../../localstack/servers/redis';

/** A certificate authority of our own, and a certificate of `localhost` from it. */
const makeCertificates = (folder: string) => {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test CA',
  );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem');
  chmodSync(join(folder, 'server.key'), 0o644);
  return {
    ca: join(folder, 'ca.pem'),
    key: join(folder, 'server.key'),
    certificate: join(folder, 'server.pem'),
  };
};

/** PostgreSQL and Redis as a cloud has them: passwords and TLS, with an authority that Node.js does not know. */
export const startTlsStores = async (password: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'cyclic-metrics-tls-'));
  chmodSync(folder, 0o755);
  const { ca, key, certificate } = makeCertificates(folder);
  const postgresUrl = new URL(`postgres://postgres:${password}@127.0.0.1:${await freePort()}/postgres`);
  const redisUrl = new URL(`redis://:${password}@127.0.0.1:${await freePort()}/0`);
  const [postgres, redis] = await Promise.all([
    startPostgres(join(folder, 'postgres'), postgresUrl, join(folder, 'postgres.log')),
    startRedis(join(folder, 'redis'), redisUrl, join(folder, 'redis.log')),
  ]);
  const admin = new Client({ connectionString: postgresUrl.href });
  await admin.connect();
  // Only the server's own user can make a key file that the server accepts.
  for (const [name, file] of Object.entries({ 'server.key': key, 'server.crt': certificate })) {
    const text = readFileSync(file, 'utf8').trim().replaceAll('\n', '\\n');
    await admin.query(
      `COPY (SELECT E'${text}' AS pem) TO PROGRAM 'umask 077; sed "s/\\\\\\\\n/\\n/g" > ${name}'`,
    );
  }
  await admin.query('ALTER SYSTEM SET ssl = on');
  await admin.query('SELECT pg_reload_conf()');
  const redisTlsPort = await freePort();
  const redisAdmin = new Redis(redisUrl.href);
  const tls = {
    'tls-cert-file': certificate,
    'tls-key-file': key,
    'tls-ca-cert-file': ca,
    'tls-auth-clients': 'no',
  };
  await redisAdmin.call('CONFIG', 'SET', ...Object.entries(tls).flat(), 'tls-port', redisTlsPort);
  return {
    ca,
    admin,
    redisAdmin,
    databaseUrl: `postgres://postgres@localhost:${postgresUrl.port}/postgres?sslmode=verify-full`,
    redisUrl: `rediss://localhost:${redisTlsPort}`,
    stop: async () => {
      redisAdmin.disconnect();
      await admin.end();
      await Promise.all([postgres.stop(), redis.stop()]);
      execFileSync('rm', ['-rf', folder]);
    },
  };
};
