import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { useService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';

const service = useService();

/** Runs the use cases as `make use-cases` does. */
async function runUseCases(
  URL: string,
  TOKEN = '',
  EXPIRED_TOKEN = '',
  LEAVING_TOKEN = '',
): Promise<{ code: number | null; output: string }> {
  const child = spawn('npm', ['run', '--silent', 'use-cases'], {
    env: { ...process.env, NO_COLOR: '1', URL, TOKEN, EXPIRED_TOKEN, LEAVING_TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, output: stdout + stderr };
}

test.concurrent('all use cases succeed', async () => {
  const { code, output } = await runUseCases(
    service.url,
    await tokenOf('alice'),
    await expiredTokenOf('alice'),
    await tokenOf('bob'),
  );
  expect(code, output).toBe(0);
  expect(output).toMatch(/Workflows: 8 passed, 8 total/);
});

test.concurrent('use cases without their token are skipped', async () => {
  const { code, output } = await runUseCases(`${service.url}/`, await tokenOf('carol'));
  expect(code, output).toBe(0);
  expect(output).toMatch(/Workflows: 6 passed, 6 total/);
  expect(output).toContain('Skipped expired-session: it needs EXPIRED_TOKEN=…');
  expect(output).toContain('Skipped account-deletion: it needs LEAVING_TOKEN=…');
});

test.concurrent('a failed step is reported without the token', async () => {
  const token = await forgedTokenOf('alice');
  const { code, output } = await runUseCases(service.url, token);
  expect(code).toBe(1);
  expect(output).toMatch(/✗ success criteria check - \$statusCode == 201/);
  expect(output).not.toContain(token);
});

test.concurrent('a service that is not running is reported in one line', async () => {
  const { code, output } = await runUseCases('http://127.0.0.1:1');
  expect(code).toBe(1);
  expect(output).toMatch(/^URL: no service is running at http:\/\/127\.0\.0\.1:1; .*make run.*\n$/);
});

test.concurrent.each(['nonsense', 'localhost:8000', 'http://'])(
  '%s is rejected as a URL',
  async (url) => {
    const { code, output } = await runUseCases(url);
    expect(code).toBe(1);
    expect(output).toBe(`URL: "${url}" is not an HTTP URL, for example http://localhost:8000\n`);
  },
);
