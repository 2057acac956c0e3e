import setSettingsSql from '../../sql/queries/setSettings.sql';
import rolesSql from '../../sql/roles.sql';
import { openDatabase } from './database';
import { scramVerifier } from './scram';

export interface Role {
  name: string;
  password: string;
}

/** Roles that cannot change tables: `app` reads and writes rows, `read` reads them. */
export interface Roles {
  app: Role;
  read: Role;
}

/** As their owner may wait for another to make them. */
const timeoutMs = 30_000;

/** Makes the roles, or gives them these passwords, and their rights on all tables. Safe to repeat, and by two at once. */
export const makeRoles = async (databaseUrl: string, { app, read }: Roles): Promise<void> => {
  const settings = {
    'cyclic.app_role': app.name,
    'cyclic.app_password': await scramVerifier(app.password),
    'cyclic.read_role': read.name,
    'cyclic.read_password': await scramVerifier(read.password),
  };
  const db = openDatabase(databaseUrl, 1, timeoutMs);
  try {
    await db.transaction(async (connection) => {
      await connection.query(setSettingsSql, [Object.keys(settings), Object.values(settings), true]);
      await connection.query(rolesSql);
    });
  } finally {
    await db.end();
  }
};
