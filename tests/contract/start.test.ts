import type { Document } from 'openapi-backend';
import { beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { createBackend } from '../../src/http/backend.ts';
import { dispatch, type OperationHandler } from '../../src/http/dispatch.ts';
import { selfCheck } from '../../src/http/self-check.ts';
import { validateContract } from '../../src/http/validation.ts';
import { handlers } from '../../src/operations/index.ts';

const { load } = vi.hoisted(() => ({ load: vi.fn<() => unknown>() }));
vi.mock(import('../../src/contract.ts'), async (original) => ({
  ...(await original()),
  loadContract: () => load() as Document,
}));

const text = readFileSync('openapi/tasks.yaml', 'utf8');

/** The contract with a replacement in its text; the replaced text must exist. */
function changed(from: string, to: string): void {
  expect(text).toContain(from);
  load.mockImplementation(() => parse(text.replaceAll(from, to)) as unknown);
}

/** The steps of a start that use the contract. */
async function start(): Promise<void> {
  const authenticate = () => Promise.reject(new Error('the self-check needs no caller'));
  const backend = await createBackend();
  await selfCheck(backend, validateContract(authenticate));
  dispatch(backend, unused);
}

const unused: Record<string, OperationHandler> = Object.fromEntries(
  Object.keys(handlers).map((id) => [id, () => Promise.reject(new Error('not called'))]),
);

beforeEach(() => {
  load.mockImplementation(() => parse(text) as unknown);
});

test('the service starts with the contract', async () => {
  await start();
});

test('the service does not start with a document that is not a contract', async () => {
  load.mockImplementation(() => ({ hello: 'there' }));
  await expect(start()).rejects.toThrow();
});

test('the service does not start with an invalid YAML document', async () => {
  load.mockImplementation(() => parse('openapi: [') as unknown);
  await expect(start()).rejects.toThrow();
});

test.each([
  ['has an unresolvable reference', "'#/components/schemas/Title'", "'#/components/schemas/Titel'"],
  ['has an unknown OpenAPI version', 'openapi: 3.1.0', 'openapi: 9.9.9'],
  ['contradicts the example of a body', 'maxLength: 200', 'maxLength: 2'],
  ['contradicts the example of a path', "'^[0-9A-Fa-f]{8}(-", "'^x[0-9A-Fa-f]{8}(-"],
  ['contradicts the example of a response', 'const: ok', 'const: okay'],
  ['contradicts an example of a task', 'created_at, updated_at]', 'created_at, updated_at, due]'],
])('the service does not start with a contract that %s', async (_name, from, to) => {
  changed(from, to);
  await expect(start()).rejects.toThrow();
});

test('reports which example is contradicted, and how', async () => {
  changed('const: ok', 'const: okay');
  await expect(start()).rejects.toThrow(/example of getLiveness: .*must be equal to constant/s);
});

test('a handler without an operation is refused, and an operation without a handler', async () => {
  const backend = await createBackend();
  const listTeams: OperationHandler = () => Promise.reject(new Error('not called'));
  expect(() => dispatch(backend, { ...unused, listTeams })).toThrow(
    'The contract has no operation listTeams',
  );
  const { getTask: _, ...others } = unused;
  expect(() => dispatch(backend, others)).toThrow('getTask has no handler');
});
