import { Client } from 'pg';
import type { ConnectionOptions } from './connection-options.ts';

/** The parts of `pg` that its types omit. */
interface Session {
  readonly processID: number | null;
  readonly secretKey: number | null;
}
interface CancelConnection extends NodeJS.EventEmitter {
  readonly stream: { destroy(): void };
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

/**
 * Asks the server to end the statement that a client is executing. It needs a connection of its own, which the server closes
 * when it has received the request. Connection poolers pass it on.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 * @param signal gives up
 * @returns when the request was sent, or could not be sent. It never rejects: an outage must not end the process
 */
export async function cancelStatement(
  client: Client,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<void> {
  const { processID, secretKey } = client as unknown as Session;
  if (processID === null || secretKey === null) return;
  const { connection } = new Client(options) as unknown as { connection: CancelConnection };
  const encrypted = Boolean(options.ssl);
  connection.on('connect', () => {
    if (encrypted && options.sslnegotiation !== 'direct') connection.requestSsl();
  });
  connection.on(encrypted ? 'sslconnect' : 'connect', () => {
    connection.cancel(processID, secretKey);
  });
  connection.on('error', () => {
    connection.stream.destroy();
  });
  const destroy = () => {
    connection.stream.destroy();
  };
  signal.addEventListener('abort', destroy);
  // Comes also after an error, on which `once` of `node:events` would reject.
  const ended = new Promise((resolve) => connection.once('end', resolve));
  const { host, port } = options;
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
  await ended;
  signal.removeEventListener('abort', destroy);
}
