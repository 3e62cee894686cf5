import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { unusedPort } from './unused-port.ts';

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
  /** Resets all connections. New ones are forwarded. */
  cut(): void;
  /** Resets all connections, and forwards new ones to another server. */
  redirect(databaseUrl: string): void;
  /** From now on, forwards whatever it receives after a time. */
  delay(ms: number): void;
  /** Sends a message to all clients that the server has not sent, like a faulty connection pooler. */
  inject(message: Uint8Array): void;
  /**
   * Forwards requests but no responses on the connections that send a text from now on, until the returned function is called,
   * which resets those connections. Without a text, on all connections that send anything.
   */
  swallow(text?: string): () => void;
}

/** Starts a proxy in front of a PostgreSQL server that can simulate outages. */
export async function startProxy(databaseUrl: string): Promise<Proxy> {
  let target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let frozen = false;
  let delayMs = 0;
  let swallowedText: string | undefined;
  const swallowed = new Set<Socket>();
  let wakeUpMs: number | undefined;
  const callers = new Set<Socket>();
  const cut = (connections: Iterable<Socket>) => {
    for (const socket of connections) socket.resetAndDestroy();
  };
  const thaw = () => {
    frozen = false;
    for (const socket of sockets) socket.resume();
  };

  const server = createServer((caller) => {
    if (wakeUpMs !== undefined) setTimeout(thaw, wakeUpMs);
    wakeUpMs = undefined;
    callers.add(caller);
    caller.once('close', () => callers.delete(caller));
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const [from, to] of [
      [caller, upstream],
      [upstream, caller],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (from === upstream && swallowed.has(to)) return;
        if (from === caller && swallowedText !== undefined && chunk.includes(swallowedText))
          swallowed.add(caller);
        if (delayMs === 0) {
          to.write(chunk);
          return;
        }
        // What follows is read, and so forwarded, later.
        from.pause();
        setTimeout(() => {
          to.write(chunk);
          if (!frozen) from.resume();
        }, delayMs);
      });
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
  };
  // No other test gets this port while the proxy is down.
  const port = await unusedPort();
  await listen(port);
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
      if (how === 'reset') cut(sockets);
      else for (const socket of sockets) socket.end();
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
    cut: () => {
      cut(sockets);
    },
    redirect: (other) => {
      target = new URL(other);
      cut(sockets);
    },
    delay: (ms) => {
      delayMs = ms;
    },
    inject: (message) => {
      for (const caller of callers) caller.write(message);
    },
    swallow: (text = '') => {
      swallowedText = text;
      return () => {
        swallowedText = undefined;
        cut(swallowed);
        swallowed.clear();
      };
    },
  };
}
