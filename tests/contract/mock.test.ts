import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Problem, type RequestOptions, createClient } from '../support/client.ts';
import { expectDocumented } from '../support/documented.ts';
import { examplesOf } from '../support/example-calls.ts';
import { useMock } from '../support/mock.ts';
import { type Operation, operationOf, operations, pathOf } from '../support/operations.ts';

const ID = '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';
/** Enough to also get the values that the generator rarely generates. */
const GENERATED_RESPONSES = 10;

const mock = useMock();
let client: Client;
beforeAll(() => {
  client = createClient(mock.url, 'any');
});

const send = (operation: Operation, options: RequestOptions = {}) =>
  client.request(operation.method, pathOf(operation, 'alice', ID), {
    body: operation.body,
    ...options,
  });

test.each(operations)(
  '$operationId returns the first example of its successful response',
  async (operation) => {
    const [success] = examplesOf(operation, (status) => status < 300);
    const response = await send(operation);
    expect(String(response.status)).toBe(success?.status ?? '204');
    expectDocumented(operation, response);
    expect(response.body).toEqual(success?.value);
  },
);

// Prism treats all operations alike; this one has the most statuses.
describe('updateTask', () => {
  const operation = operationOf('updateTask');
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

  test.each(Object.keys(operation.responses))(
    'returns %s if the Prefer header requests it',
    async (status) => {
      const response = await send(operation, { headers: { Prefer: `code=${status}` } });
      expect(String(response.status)).toBe(status);
      expectDocumented(operation, response);
    },
  );

  test.each(examplesOf(operation, () => true))(
    'returns $status with the example $name',
    async ({ status, name, value }) => {
      const response = await send(operation, {
        headers: { Prefer: `code=${status}, example=${name}` },
      });
      expect(String(response.status)).toBe(status);
      expect(response.body).toEqual(value);
    },
  );

  test('returns generated bodies that are valid', async () => {
    for (let round = 0; round < GENERATED_RESPONSES; round++) {
      const response = await send(operation, { headers: { Prefer: 'dynamic=true' } });
      expect(response.status).toBe(200);
      expectDocumented(operation, response);
    }
  });

  test('is rejected without a token', async () => {
    const response = await send(operation, { token: null });
    expect(response.status).toBe(401);
    expectDocumented(operation, response);
    expect((response.body as Problem).code).toBe('not-authenticated');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each<[string, number, RequestOptions]>([
    ['an unknown field', 422, { body: { colour: 'red' } }],
    ['another media type', 415, { body: 'title=x', headers: form }],
  ])('rejects %s', async (_name, status, options) => {
    const response = await send(operation, options);
    expect(response.status).toBe(status);
    expectDocumented(operation, response);
  });
});

test('allows pages of any origin', async () => {
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
  const response = await client.get(`/api/tasks/${ID}`, { headers: { Origin: origin } });
  expect(response.headers.get('access-control-allow-origin')).toBe(origin);
  expect(response.headers.get('access-control-expose-headers')).toBe('*');
});

test('a port in use is a one-line error', () => {
  const { port } = new URL(mock.url);
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'mock', '--', port], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^port: \d+ is in use; choose another port: make mock port=4011\n$/);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});

test('telemetry is disabled', () => {
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
