import { connect, createClient, disconnect } from '../../src/db/client.ts';
import { connectionOptions } from '../../src/db/connection.ts';

/** The URL of another database of the same server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement on a connection of its own, and returns its rows. */
export async function administer(
  serverUrl: string,
  statement: string,
): Promise<Record<string, unknown>[]> {
  const client = createClient(await connectionOptions(serverUrl));
  await connect(client);
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await disconnect(client);
  }
}
