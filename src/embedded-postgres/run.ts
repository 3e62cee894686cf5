import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Account } from './account.ts';

const ENVIRONMENT: Readonly<Record<string, string>> = { LC_ALL: 'C', TZ: 'UTC' };

/**
 * Runs a program until it ends, without the environment variables of this process.
 *
 * @param options.account what it runs as; by default the account of this process
 * @param options.input its standard input
 * @returns its output
 * @throws {Error} with its output, if it cannot be started or its exit code is not 0
 */
export async function run(
  program: string,
  args: readonly string[],
  { account, input = '' }: { account?: Account | undefined; input?: string } = {},
): Promise<string> {
  const child = spawn(program, args, {
    ...account,
    // The account may have no access to the working directory of this process.
    cwd: '/',
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- Next.js's types, where they are loaded, require a NODE_ENV.
    env: ENVIRONMENT as NodeJS.ProcessEnv,
    // Ctrl-C in the terminal must end only this process, which then stops PostgreSQL.
    detached: true,
  });
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  // Without file descriptors, the program has no streams, and `closed` rejects.
  const { stdin, stdout, stderr } = child as Partial<typeof child>;
  let output = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  // Ignores EPIPE: a program that ends before it reads its input has an exit code.
  stdin?.on('error', () => undefined).end(input);
  const [code] = await closed;
  if (code !== 0) throw new Error(`${basename(program)} failed: ${output.trim()}`);
  return output;
}
