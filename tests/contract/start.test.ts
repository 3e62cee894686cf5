import type { Document } from 'openapi-backend';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { loadOperations } from '../../src/validation/contract-validator.ts';
import { addHandlers, type OperationHandler } from '../../src/http/operation.ts';
import { selfCheck } from '../../src/validation/self-check.ts';
import { handlers } from '../../src/operations/index.ts';

const text = readFileSync('openapi/tasks.yaml', 'utf8');

/** The contract with some text replaced, which must exist. */
function changed(from: string, to: string): string {
  expect(text).toContain(from);
  return text.replaceAll(from, to);
}

/** Runs the steps of the service start that read the contract. */
async function start(contract = text, operationHandlers = handlersOf(handlers)): Promise<void> {
  const document = () => parse(contract) as Document;
  const operations = loadOperations(document(), notCalled);
  await selfCheck(document(), addHandlers(operations, operationHandlers));
}

const notCalled = () => Promise.reject(new Error('not called'));
const handlersOf = (byId: object): Record<string, OperationHandler> =>
  Object.fromEntries(Object.keys(byId).map((id) => [id, notCalled]));

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
  ['has a field that OpenAPI does not have', 'operationId: getTask\n', 'operationID: getTask\n'],
  ['contradicts the example of a body', 'maxLength: 200', 'maxLength: 2'],
  ['contradicts the example of a path', "'^[0-9A-Fa-f]{8}(-", "'^x[0-9A-Fa-f]{8}(-"],
  ['contradicts the example of a response', 'const: ok', 'const: okay'],
  ['has a list as a parameter', 'type: string\n        enum: [asc, desc]', 'type: array'],
  ['has a parameter that may need percent-encoding', '        enum: [asc, desc]\n', ''],
  ['contradicts an example of a task', 'created_at, updated_at]', 'created_at, updated_at, due]'],
])('the service does not start with a contract that %s', async (_name, from, to) => {
  await expect(start(changed(from, to))).rejects.toThrow();
});

test('reports which example is contradicted, and how', async () => {
  await expect(start(changed('const: ok', 'const: okay'))).rejects.toThrow(
    /example of getLiveness: .*must be equal to constant/s,
  );
});

test('the service does not start with a handler without an operation', async () => {
  await expect(start(text, handlersOf({ ...handlers, listTeams: null }))).rejects.toThrow(
    'The contract has no operation listTeams',
  );
});

test('the service does not start with an operation without a handler', async () => {
  const { getTask: _, ...others } = handlers;
  await expect(start(text, handlersOf(others))).rejects.toThrow('getTask has no handler');
});
