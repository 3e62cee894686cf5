import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClient, type Client } from '../support/client.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

/** The part of Ajv that compiles and caches validators. */
interface Ajv {
  addSchema(...schema: unknown[]): unknown;
  compile(...schema: unknown[]): unknown;
}

// The validator has its own copy of Ajv.
const requireAsValidator = createRequire(import.meta.resolve('express-openapi-validator'));
const { default: core } = requireAsValidator('ajv/dist/core') as { default: { prototype: Ajv } };
const addSchema = vi.spyOn(core.prototype, 'addSchema');
const compile = vi.spyOn(core.prototype, 'compile');
const compiled = () => addSchema.mock.calls.length + compile.mock.calls.length;

let service: TestService;
let client: Client;
let compiledAtStart: number;

beforeAll(async () => {
  service = await startTestService();
  compiledAtStart = compiled();
  client = createClient(service.url, await tokenOf('alice'));
});
afterAll(async () => {
  vi.restoreAllMocks();
  await service.stop();
});

/** Many different content types, like those of an attack on the memory. */
const contentTypes = Array.from({ length: 30 }, (_, index) => [
  `application/x-${index}`,
  `application/json; v=${index}`,
  `APPLICATION/JSON; boundary=${index}; charset=utf-8`,
  `application/json; charset=x-${index}`,
  `application/merge-patch+json;${' '.repeat(index)}`,
]).flat();

test('validators are compiled at start-up', () => {
  expect(compiledAtStart).toBeGreaterThan(30);
});

test.each([
  ['GET', '/livez', undefined],
  ['GET', '/api/tasks', undefined],
  ['GET', '/nope', undefined],
  ['DELETE', '/api/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21', undefined],
  ['POST', '/api/tasks', ''],
  ['POST', '/api/tasks', '{"title":"a"}'],
  ['POST', '/livez', '{}'],
  ['PUT', '/api/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21', '{"title":"a"}'],
  ['PATCH', '/api/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21', '{"title":"a"}'],
  ['PATCH', '/api/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21/complete', '{"completed":true}'],
])(
  'new content types with %s %s (body %s) do not compile more validators',
  async (method, path, body) => {
    const before = compiled();
    for (const contentType of contentTypes) {
      const headers = { 'Content-Type': contentType };
      await client.request(method, path, { body, headers, token: null });
      const { status } = await client.request(method, path, { body, headers });
      expect(status).toBeLessThan(500);
    }
    expect(compiled()).toBe(before);
  },
);
