import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

// Only the containers that have this volume can read it, each under a user of its own.
const write = (name, text) => writeFileSync(`/secrets/${name}`, text, { mode: 0o444 });

const password = (given) => given || randomBytes(16).toString('hex');

const makeSecrets = ({ POSTGRES_PASSWORD, REDIS_PASSWORD }) => {
  const [postgres, redis] = [password(POSTGRES_PASSWORD), password(REDIS_PASSWORD)];
  write('postgres', postgres);
  write('redis.conf', `requirepass ${redis}\n`);
  write(
    'env',
    `DATABASE_URL=postgres://postgres:${encodeURIComponent(postgres)}@postgres:5432/postgres\n` +
      `REDIS_URL=redis://:${encodeURIComponent(redis)}@redis:6379/0\n`,
  );
};

if (!existsSync('/secrets/env')) makeSecrets(process.env);
