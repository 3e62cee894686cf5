import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unusedPort } from './unused-port.ts';

export interface ReverseProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** The path of a program that Debian installs outside the `PATH` of ordinary users; undefined if it is not installed. */
export const findProgram = (name: string) =>
  ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));

/**
 * Starts a reverse proxy in an own directory, and waits until a service responds through it.
 *
 * @param configurationFor returns the configuration file, for a port on the loopback interface
 * @param argumentsFor returns the arguments, for the directory and the configuration file
 */
export async function startReverseProxy(
  program: string,
  configurationFor: (port: number) => string,
  argumentsFor: (directory: string, file: string) => string[],
): Promise<ReverseProxy> {
  const directory = await mkdtemp(join(tmpdir(), 'reverse-proxy-'));
  const port = await unusedPort();
  const file = join(directory, 'proxy.conf');
  await writeFile(file, configurationFor(port));
  const child = spawn(program, argumentsFor(directory, file), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  while (child.exitCode === null) {
    const response = await fetch(`${url}/livez`).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) break;
  }
  return {
    url,
    async stop() {
      child.kill();
      await exit;
      await rm(directory, { recursive: true });
    },
  };
}
