import type { Client } from 'pg';
import { connect, createClient } from './client.ts';
import { connectionFailure } from './connection-failure.ts';
import { connectionOptions } from './connection-options.ts';

/**
 * Opens one connection, for a command; requests use the pool of `openDatabase`.
 *
 * @param databaseUrl a `postgres:` URL as in libpq; see `connectionOptions`
 * @throws {ConfigError} when the URL is invalid, or the server is not reachable
 */
export async function openClient(databaseUrl: string): Promise<Client> {
  const options = await connectionOptions(databaseUrl);
  const client = createClient(options);
  try {
    await connect(client);
    return client;
  } catch (error) {
    throw connectionFailure(options, error);
  }
}
