/** Brings the tables up to date. Safe to run twice, and by two at once: the second waits for the first. */
export const migrate = async (databaseUrl: string): Promise<void> => {
  const { runner } = await import('node-pg-migrate');
  await runner({
    databaseUrl,
    dir: 'sql/migrations',
    direction: 'up',
    migrationsTable: 'migrations',
    advisoryLockMode: 'wait',
    singleTransaction: false, // each commits by itself: what one has locked, the next need not wait for
    log: () => {},
  });
};
