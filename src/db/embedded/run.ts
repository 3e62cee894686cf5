import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Account } from './account.ts';

interface Options {
  /** Whom to run it as; ourselves when left out. */
  account?: Account | undefined;
  /** What it reads on standard input. */
  input?: string;
  /** An open file for its output; else the output is collected. */
  output?: number;
}

const ENVIRONMENT: Readonly<Record<string, string>> = { LC_ALL: 'C', TZ: 'UTC' };

/**
 * Runs a program to its end, with nothing of our environment.
 *
 * @returns what it wrote
 * @throws {Error} with what it wrote, when it cannot be started or its exit code is not 0
 */
export async function run(
  program: string,
  args: readonly string[],
  { account, input = '', output }: Options = {},
): Promise<string> {
  const child = spawn(program, args, {
    ...account,
    // Ours may be closed to that account.
    cwd: '/',
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- Next.js's types, where they are loaded, want a NODE_ENV.
    env: ENVIRONMENT as NodeJS.ProcessEnv,
    // Ctrl-C in the terminal is for us to handle, not for our children.
    detached: true,
    stdio: ['pipe', output ?? 'pipe', output ?? 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  // A program that ends without reading says so by its exit code.
  child.stdin?.on('error', () => undefined).end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${basename(program)} failed: ${text.trim()}`);
  return text;
}
