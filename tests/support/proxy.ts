import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface Proxy {
  /** The URL of the database through the proxy. */
  url: string;
  /** Forwards nothing, on existing and new connections, like a server that hangs. */
  freeze: () => void;
  thaw: () => void;
  /** Closes all connections, and forwards nothing until some time after the next one is opened. */
  sleep(how: 'closed' | 'reset', wakeUpMs: number): void;
  /** Closes all connections and refuses new ones, like a server that is down. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Starts a proxy in front of a PostgreSQL server that can simulate outages. */
export async function startProxy(databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let frozen = false;
  let wakeUpMs: number | undefined;
  const thaw = () => {
    frozen = false;
    for (const socket of sockets) socket.resume();
  };

  const server = createServer((caller) => {
    if (wakeUpMs !== undefined) setTimeout(thaw, wakeUpMs);
    wakeUpMs = undefined;
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const [from, to] of [
      [caller, upstream],
      [upstream, caller],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (frozen) from.pause();
    }
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;

  return {
    url: url.href,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw,
    sleep: (how, duration) => {
      for (const socket of sockets) {
        if (how === 'reset') socket.resetAndDestroy();
        else socket.end();
      }
      frozen = true;
      wakeUpMs = duration;
    },
    down: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
    up: async () => {
      await listen(port);
    },
  };
}
