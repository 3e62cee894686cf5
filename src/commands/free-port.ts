import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ConfigError } from '../errors/config-error.ts';

/**
 * The port, when it can be listened on; 0 stands for any.
 *
 * @param hint what to do when it cannot, such as `choose another one: make mock port=4011`
 * @throws {ConfigError} beginning with the setting's name
 */
export async function freePort(
  setting: string,
  wanted: string,
  host: string,
  hint: string,
): Promise<number> {
  if (!/^\d{1,5}$/.test(wanted) || Number(wanted) > 65_535) {
    throw new ConfigError(`${setting}: ${wanted} is none; it is a number up to 65535`);
  }
  const server = createServer().listen(Number(wanted), host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw new ConfigError(
      `${setting}: ${wanted} is ${inUse ? 'in use' : 'not ours to listen on'}; ${hint}`,
    );
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
