import { Client } from 'pg';
import type { ConnectionOptions } from './connection-options.ts';

const DISCONNECT_TIMEOUT_MS = 1000;

/**
 * Creates a client that is not connected yet. A lost connection emits `error`, which the caller may ignore: the next query
 * fails.
 */
export function createClient(options: ConnectionOptions): Client {
  const client = new Client(options);
  client.on('error', () => undefined);
  if (options.requireChannelBinding) requireChannelBinding(client);
  return client;
}

/**
 * Connects, and closes the socket when that fails.
 *
 * @throws the socket, TLS or PostgreSQL error of `pg`
 */
export async function connect(client: Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

/** Closes the connection; if the server does not respond, the socket is destroyed after one second. */
export async function disconnect(client: Client): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), DISCONNECT_TIMEOUT_MS);
  await client.end();
  clearTimeout(timer);
}

/**
 * Implements libpq's `channel_binding=require`; `pg` itself connects without channel binding if the server does not offer
 * it. Aborts before a password is sent.
 */
function requireChannelBinding({ connection }: Client): void {
  let bound = false;
  const abortUnlessBound = () => {
    if (bound) return;
    connection.stream.destroy(
      new Error('channel_binding=require, but the server does not offer channel binding'),
    );
  };
  connection.on('authenticationSASL', ({ mechanisms }: { mechanisms: string[] }) => {
    bound = mechanisms.includes('SCRAM-SHA-256-PLUS');
    abortUnlessBound();
  });
  connection.on('authenticationCleartextPassword', abortUnlessBound);
  connection.on('authenticationMD5Password', abortUnlessBound);
  connection.on('authenticationOk', abortUnlessBound);
}
