import { connect, type Socket } from 'node:net';
import type { Sent } from './load.ts';

/** What a connection waits for. */
interface Waiting {
  readonly start: number;
  readonly resolve: (sent: Sent) => void;
  /** The bytes of the response that are still missing; undefined until its header section is complete. */
  missing?: number;
  status: number;
}

/**
 * A client of a service that only reads the status and the length of responses. So it takes a small part of the CPU time that
 * the service needs, which runs on the same machine. It reuses its connections, and opens one more when all are busy.
 */
export function createRawClient(serviceUrl: string) {
  const { port, hostname, host } = new URL(serviceUrl);
  const idle: Socket[] = [];
  const waiting = new Map<Socket, Waiting>();

  function finish(socket: Socket, sent: Omit<Sent, 'ms' | 'text'>): void {
    const request = waiting.get(socket);
    waiting.delete(socket);
    request?.resolve({ ...sent, text: '', ms: performance.now() - request.start });
  }

  function receive(socket: Socket, chunk: Buffer): void {
    const request = waiting.get(socket);
    if (!request) return;
    let length = chunk.length;
    if (request.missing === undefined) {
      // The header section is sent in one piece, at the beginning of a chunk.
      const end = chunk.indexOf('\r\n\r\n');
      const header = chunk.toString('latin1', 0, end);
      request.status = Number(header.slice(9, 12));
      request.missing = Number(/^content-length: (\d+)/im.exec(header)?.[1] ?? 0);
      length -= end + 4;
    }
    request.missing -= length;
    if (request.missing > 0) return;
    idle.push(socket);
    finish(socket, { status: request.status });
  }

  function open(): Socket {
    const socket = connect(Number(port), hostname);
    let error = 'closed';
    socket
      .setNoDelay()
      .on('data', (chunk: Buffer) => {
        receive(socket, chunk);
      })
      .on('error', (reason: NodeJS.ErrnoException) => (error = reason.code ?? error))
      .on('close', () => {
        if (waiting.has(socket)) finish(socket, { status: 0, error });
        else idle.splice(idle.indexOf(socket), 1);
      });
    return socket;
  }

  return {
    get(path: string, token: string): Promise<Sent> {
      const socket = idle.pop() ?? open();
      return new Promise((resolve) => {
        waiting.set(socket, { start: performance.now(), resolve, status: 0 });
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
        );
      });
    },
    close(): void {
      for (const socket of idle) socket.destroy();
    },
  };
}
