import { connect as connectSocket } from 'node:net';
import { DatabaseError } from 'pg';
import { connect, createClient, disconnect } from './client.ts';
import type { ConnectionOptions } from './connection-options.ts';

/** PostgreSQL's SSLRequest message: its length and its code. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const INVALID_AUTHORIZATION = '28000';

/**
 * Whether a server supports TLS, for `sslmode=prefer`.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
 * @throws when the server does not respond
 */
export async function offersTls(options: ConnectionOptions): Promise<boolean> {
  const { host, port, connectionTimeoutMillis = 0 } = options;
  const socket = connectSocket({ host, port });
  socket.setTimeout(connectionTimeoutMillis, () => socket.destroy(new Error('timeout expired')));
  socket.write(SSL_REQUEST);
  for await (const chunk of socket) return (chunk as Buffer).toString('latin1', 0, 1) === 'S';
  throw new Error('Connection terminated unexpectedly');
}

/**
 * Whether a server rejects connections without TLS, for `sslmode=allow`.
 *
 * @throws when the connection fails for another reason
 */
export async function refusesPlaintext(options: ConnectionOptions): Promise<boolean> {
  const client = createClient({ ...options, ssl: false });
  try {
    await connect(client);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === INVALID_AUTHORIZATION) return true;
    throw error;
  }
  await disconnect(client);
  return false;
}
