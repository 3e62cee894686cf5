import { randomInt } from 'node:crypto';
import { freePort } from '../../src/commands/free-port.ts';

/**
 * Below the range of ephemeral ports, from which operating systems choose ports of outgoing connections and of servers on port 0:
 * another test could get such a port before the program that it is meant for.
 */
const FIRST_PORT = 20_000;

/** Each worker has ports of its own: two could choose the same one before it is used. */
const PORTS_OF_WORKER = 1000;
const WORKERS = 12;
const first = FIRST_PORT + (Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS) * PORTS_OF_WORKER;

/** A port that nothing listens on, for a program that is started later. */
export async function unusedPort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = randomInt(first, first + PORTS_OF_WORKER);
    const free = await freePort('port', String(port), host, '').then(
      () => true,
      () => false,
    );
    if (free) return port;
  }
}
