import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ConfigError } from '../errors/config-error.ts';

/**
 * Checks that a port is free to listen on.
 *
 * @param setting the name that error messages begin with
 * @param wanted the port, in decimal digits; 0 finds any free port
 * @param hint what to do when the port is not free, such as `choose another port: make mock port=4011`
 * @returns the port
 * @throws {ConfigError} when the port is invalid, in use or not permitted
 */
export async function freePort(
  setting: string,
  wanted: string,
  host: string,
  hint: string,
): Promise<number> {
  if (!/^\d{1,5}$/.test(wanted) || Number(wanted) > 65_535) {
    throw new ConfigError(`${setting}: "${wanted}" is not a port; use 0 to 65535`);
  }
  const server = createServer().listen(Number(wanted), host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const reason = inUse ? 'is in use' : 'cannot be used (permission denied)';
    throw new ConfigError(`${setting}: ${wanted} ${reason}; ${hint}`);
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
