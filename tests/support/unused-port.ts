import { randomInt } from 'node:crypto';
import { freePort } from '../../src/commands/free-port.ts';

/**
 * Below the range of ephemeral ports, from which operating systems choose ports of outgoing connections and of servers on port 0:
 * another test could get such a port before the program that it is meant for.
 */
const PORTS = { from: 20_000, to: 32_000 };

/** A port that nothing listens on, for a program that is started later. */
export async function unusedPort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const free = await freePort('port', String(port), host, '').then(
      () => true,
      () => false,
    );
    if (free) return port;
  }
}
