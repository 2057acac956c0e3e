import { migrate } from '../lib/postgres/migrate';
import { databaseUrl } from '../lib/runtime/clients';
import { log } from '../lib/runtime/log';

/** Brings the tables up to date, from where the database can be reached. Safe to repeat. */
export const handler = async (): Promise<void> => {
  await migrate(databaseUrl());
  log.info('migrated');
};
