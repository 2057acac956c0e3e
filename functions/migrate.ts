import { makeRoles } from '../lib/postgres/makeRoles';
import { migrate } from '../lib/postgres/migrate';
import { databaseRoles, databaseUrl } from '../lib/runtime/clients';
import { log } from '../lib/runtime/log';

/**
 * Brings the tables up to date, and the roles that the other functions connect as, from where the database can be
 * reached. Safe to repeat.
 */
export const handler = async (): Promise<void> => {
  await migrate(databaseUrl());
  const roles = await databaseRoles();
  if (roles) await makeRoles(databaseUrl(), roles);
  log.info('migrated', { roles: roles ? [roles.app.name, roles.read.name] : [] });
};
