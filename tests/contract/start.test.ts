import type { Document } from 'openapi-backend';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { createBackend } from '../../src/http/backend.ts';
import { dispatch, type OperationHandler } from '../../src/http/dispatch.ts';
import { selfCheck } from '../../src/http/self-check.ts';
import { validateContract } from '../../src/http/validation.ts';
import { handlers } from '../../src/operations/index.ts';

const text = readFileSync('openapi/tasks.yaml', 'utf8');

/** The contract with a replacement in its text; the replaced text must exist. */
function changed(from: string, to: string): string {
  expect(text).toContain(from);
  return text.replaceAll(from, to);
}

/** The steps of a start that use the contract. */
async function start(contract = text): Promise<void> {
  const document = () => parse(contract) as Document;
  const authenticate = () => Promise.reject(new Error('the self-check needs no caller'));
  const backend = await createBackend(document());
  await selfCheck(backend, validateContract(authenticate, document()));
  dispatch(backend, unused);
}

const unused: Record<string, OperationHandler> = Object.fromEntries(
  Object.keys(handlers).map((id) => [id, () => Promise.reject(new Error('not called'))]),
);

test('the service starts with the contract', async () => {
  await start();
});

test('the service does not start with a document that is not a contract', async () => {
  await expect(start('hello: there')).rejects.toThrow();
});

test('the service does not start with an invalid YAML document', async () => {
  await expect(start('openapi: [')).rejects.toThrow();
});

test.each([
  ['has an unresolvable reference', "'#/components/schemas/Title'", "'#/components/schemas/Titel'"],
  ['has an unknown OpenAPI version', 'openapi: 3.1.0', 'openapi: 9.9.9'],
  ['contradicts the example of a body', 'maxLength: 200', 'maxLength: 2'],
  ['contradicts the example of a path', "'^[0-9A-Fa-f]{8}(-", "'^x[0-9A-Fa-f]{8}(-"],
  ['contradicts the example of a response', 'const: ok', 'const: okay'],
  ['contradicts an example of a task', 'created_at, updated_at]', 'created_at, updated_at, due]'],
])('the service does not start with a contract that %s', async (_name, from, to) => {
  await expect(start(changed(from, to))).rejects.toThrow();
});

test('reports which example is contradicted, and how', async () => {
  await expect(start(changed('const: ok', 'const: okay'))).rejects.toThrow(
    /example of getLiveness: .*must be equal to constant/s,
  );
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
