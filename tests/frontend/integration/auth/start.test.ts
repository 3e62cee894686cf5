import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { expectBuiltClient } from '../../../support/built-client.ts';

expectBuiltClient();

const SCRIPT = `import('./frontend/app/lib/auth/start.ts').then(({ start }) => start())`;

/** Starts the server part as Next.js does, in a new process. */
async function start(settings: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stderr };
}

test('a server that was built for another path exits, and says how to build it', async () => {
  const { code, stderr } = await start({
    BETTER_AUTH_URL: 'https://example.com/todo',
    BETTER_AUTH_SECRET: 'a secret that only the tests use',
    DATABASE_URL: 'postgres://localhost/tasks',
  });
  expect(code).toBe(1);
  expect(stderr.trim().split('\n').slice(1)).toEqual([
    '  BETTER_AUTH_URL: has the path /todo, but the frontend is built for /; run: BETTER_AUTH_URL=https://example.com/todo npm run build:frontend',
  ]);
});

test('a server with invalid settings exits with one line for each mistake', async () => {
  const { code, stderr } = await start({ TOKEN_ALGORITHM: 'none' });
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    'The frontend cannot start:',
    expect.stringMatching(/^ {2}TOKEN_ALGORITHM: /),
    expect.stringMatching(/^ {2}BETTER_AUTH_SECRET: /),
    expect.stringMatching(/^ {2}DATABASE_URL: /),
  ]);
});
