import { Client } from 'pg';
import type { ConnectionOptions } from './connection.ts';

const GOODBYE_MS = 1000;

/**
 * A client that is not connected yet. Losing its connection emits `error`, which may go unheard:
 * the next query on it fails.
 */
export function createClient(options: ConnectionOptions): Client {
  const client = new Client(options);
  client.on('error', () => undefined);
  if (options.requireChannelBinding) requireChannelBinding(client);
  return client;
}

/**
 * Connects, and leaves no socket behind when that fails.
 *
 * @throws the error of the socket, of TLS or of PostgreSQL, as `pg` gives it
 */
export async function connect(client: Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

/** Says goodbye; a server that does not listen any more has its connection cut after a second. */
export async function disconnect(client: Client): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), GOODBYE_MS);
  await client.end();
  clearTimeout(timer);
}

/** What libpq means by `channel_binding=require`; `pg` alone would go on without. Refuses before a password is sent. */
function requireChannelBinding({ connection }: Client): void {
  let bound = false;
  const refuse = () => {
    if (bound) return;
    connection.stream.destroy(
      new Error('channel_binding=require, and the server does not offer channel binding'),
    );
  };
  connection.on('authenticationSASL', ({ mechanisms }: { mechanisms: string[] }) => {
    bound = mechanisms.includes('SCRAM-SHA-256-PLUS');
    refuse();
  });
  connection.on('authenticationCleartextPassword', refuse);
  connection.on('authenticationMD5Password', refuse);
  connection.on('authenticationOk', refuse);
}
