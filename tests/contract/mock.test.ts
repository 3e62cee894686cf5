import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Problem, type RequestOptions, createClient } from '../support/client.ts';
import { expectDocumented } from '../support/documented.ts';
import { type Mock, startMock } from '../support/mock.ts';
import { type Operation, operations, pathOf } from '../support/operations.ts';

const ID = '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';
/** Enough to meet what the generator makes only now and then. */
const MADE_UP = 10;

let mock: Mock;
let client: Client;

beforeAll(async () => {
  mock = await startMock();
  client = createClient(mock.url, 'any');
});
afterAll(() => mock.stop());

const send = (operation: Operation, options: RequestOptions = {}) =>
  client.request(operation.method, pathOf(operation, 'alice', ID), {
    body: operation.body,
    ...options,
  });

const byId = operations.map((operation) => [operation.operationId, operation] as const);

describe.each(byId)('%s', (_operationId, operation) => {
  const replies = Object.entries(operation.replies);
  const examples = replies.flatMap(([status, { content = {} }]) =>
    Object.values(content).flatMap(({ examples: all }) =>
      Object.entries(all).map(([name, { value }]) => ({ status, name, value })),
    ),
  );

  test('answers with the first example of its success', async () => {
    const [[status] = []] = replies;
    const reply = await send(operation);
    expect(String(reply.status)).toBe(status);
    expectDocumented(operation, reply);
    const [example] = examples.filter((one) => one.status === status);
    expect(reply.body).toEqual(example?.value);
  });

  test.each(replies)('answers %s when asked to', async (status) => {
    const reply = await send(operation, { headers: { Prefer: `code=${status}` } });
    expect(String(reply.status)).toBe(status);
    expectDocumented(operation, reply);
  });

  test.each(examples)('answers $status with the example $name', async ({ status, name, value }) => {
    const reply = await send(operation, { headers: { Prefer: `code=${status}, example=${name}` } });
    expect(String(reply.status)).toBe(status);
    expect(reply.body).toEqual(value);
  });

  test('makes up what is valid', async () => {
    for (let round = 0; round < MADE_UP; round++) {
      const reply = await send(operation, { headers: { Prefer: 'dynamic=true' } });
      expect(reply.status).toBeLessThan(300);
      expectDocumented(operation, reply);
    }
  });
});

describe.each(operations.filter(({ secured }) => secured))(
  '$operationId without a token',
  (operation) => {
    test('is refused', async () => {
      const reply = await send(operation, { token: null });
      expect(reply.status).toBe(401);
      expectDocumented(operation, reply);
      expect((reply.body as Problem).code).toBe('not-authenticated');
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    });
  },
);

describe.each(operations.filter(({ replies }) => '415' in replies))(
  '$operationId with a wrong body',
  (operation) => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

    test.each<[string, number, RequestOptions]>([
      ['an unknown field', 422, { body: { colour: 'red' } }],
      ['another media type', 415, { body: 'title=x', headers: form }],
    ])('refuses %s', async (_name, status, options) => {
      const reply = await send(operation, options);
      expect(reply.status).toBe(status);
      expectDocumented(operation, reply);
    });
  },
);

test('pages of any origin may use it', async () => {
  const origin = 'http://localhost:3000';
  const preflight = await fetch(`${mock.url}/api/tasks/${ID}`, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization,if-match,prefer',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
  expect(preflight.headers.get('access-control-allow-headers')).toBe(
    'authorization,if-match,prefer',
  );
  const reply = await client.get(`/api/tasks/${ID}`, { headers: { Origin: origin } });
  expect(reply.headers.get('access-control-allow-origin')).toBe(origin);
  expect(reply.headers.get('access-control-expose-headers')).toBe('*');
});

test.each([
  [
    'a port in use',
    () => new URL(mock.url).port,
    /^port: \d+ is in use; choose another port: make mock port=4011\n$/,
  ],
  ['what is no port', () => 'http', /^port: http is none; .*\n$/],
  ['a port too high', () => '65536', /^port: 65536 is none; .*\n$/],
])('%s ends the start with one line', (_name, port, message) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'mock', '--', port()], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});

test('nothing is reported to anybody', () => {
  const { scripts, allowScripts, scarfSettings } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  ) as {
    scripts: Record<string, string>;
    allowScripts: Record<string, boolean>;
    scarfSettings: unknown;
  };
  expect(scripts['mock']).toMatch(/^SCARF_ANALYTICS=false /);
  expect(allowScripts['@scarf/scarf']).toBe(false);
  expect(scarfSettings).toEqual({ enabled: false });
});
