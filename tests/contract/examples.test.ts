import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClient, type Client } from '../support/client.ts';
import {
  exampleCall,
  examplesOf,
  expectExample,
  nextCursorOf,
  send,
} from '../support/example-calls.ts';
import { exampleTasks, seedExample } from '../support/example.ts';
import { type Operation, operations } from '../support/operations.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let client: Client;

beforeAll(() => {
  client = createClient(service.url);
});
beforeEach(() => seedExample(service, exampleTasks));

/** The request bodies of a response example: those with the same name, one per media type, or none. */
function bodiesOf({ requestBody }: Operation, name: string) {
  const bodies = Object.entries(requestBody?.content ?? {}).flatMap(([type, { examples }]) =>
    examples[name] ? [{ type, body: examples[name].value }] : [],
  );
  return bodies.length > 0 ? bodies : [{ type: 'no body' }];
}

/** The fields that the service generates when it writes. */
const generated: Readonly<Record<string, readonly string[]>> = {
  GET: [],
  POST: ['id', 'created_at', 'updated_at'],
  PUT: ['updated_at'],
  PATCH: ['updated_at'],
};

/** The parameters that a response example does not use. */
function withoutFor(name: string): string[] {
  return name === 'all' ? ['limit'] : ['If-None-Match'];
}

const cases = operations.flatMap((operation) =>
  examplesOf(operation, (status) => status < 300).flatMap((example) =>
    bodiesOf(operation, example.name).map((body) => ({
      operationId: operation.operationId,
      operation,
      ...example,
      ...body,
    })),
  ),
);

describe('the service returns the examples', () => {
  test.each(cases)('$operationId $status: $name, $type', async (example) => {
    const { operation, status, name, value } = example;
    const call = await exampleCall(operation, withoutFor(name));
    const { id = '' } = value as { id?: string };
    const response = await send(client, operation, {
      ...call,
      ...(name === 'last' && { query: { ...call.query, cursor: nextCursorOf(operation) } }),
      ...('body' in example && {
        body: example.body,
        headers: { ...call.headers, 'Content-Type': example.type },
      }),
      ...(name === 'anonymous' && { token: await tokenOf(id, { email: null, name: null }) }),
      ...(name === 'nothing' && { token: await tokenOf('new user') }),
    });
    expectExample(operation, response, status, value, generated[operation.method]);
    const link = operation.responses[status]?.headers?.['Link']?.example;
    if (operation.operationId === 'listTasks' && name === 'page')
      expect(response.headers.get('link')).toBe(link);
  });

  const empty = operations.flatMap((operation) =>
    ['204', '304']
      .filter((status) => status in operation.responses)
      .map((status) => ({ operationId: operation.operationId, operation, status })),
  );
  test.each(empty)('$operationId $status', async ({ operation, status }) => {
    const response = await send(client, operation, await exampleCall(operation));
    expectExample(operation, response, status, undefined);
  });
});

test('every request example has a response example', () => {
  const returned = cases.map(({ operationId, type, name }) => `${operationId} ${type} ${name}`);
  for (const { operationId, requestBody } of operations) {
    for (const [type, { examples }] of Object.entries(requestBody?.content ?? {})) {
      for (const name of Object.keys(examples))
        expect(returned).toContain(`${operationId} ${type} ${name}`);
    }
  }
});
