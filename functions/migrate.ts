import { databaseUrl } from '../lib/clients';
import { log } from '../lib/log';
import { migrate } from '../lib/migrate';

/** Brings the tables up to date, from where the database can be reached. Safe to repeat. */
export const handler = async (): Promise<void> => {
  await migrate(databaseUrl());
  log.info('migrated');
};
