import { connect as connectSocket } from 'node:net';
import { DatabaseError } from 'pg';
import { connect, createClient, disconnect } from './client.ts';
import type { ConnectionOptions } from './connection.ts';

/** Length and code of PostgreSQL's SSLRequest message. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const INVALID_AUTHORIZATION = '28000';

/**
 * Whether a server offers TLS: the question behind `sslmode=prefer`.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
 * @throws when it does not answer
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
 * Whether a server turns away who comes without TLS: the question behind `sslmode=allow`.
 *
 * @throws when it cannot be connected to for another reason
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
