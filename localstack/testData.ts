import { readFile } from 'node:fs/promises';
import { Client } from 'pg';

/** Loads sql/test_data.sql; rows that are there already stay as they are. */
export const loadTestData = async (databaseUrl: string): Promise<void> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(await readFile('sql/test_data.sql', 'utf8'));
  } finally {
    await client.end();
  }
};
