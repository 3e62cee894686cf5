import { beforeAll, describe, expect, test } from 'vitest';
import { indexContract } from '../../src/validation/contract-index.ts';
import { useApp } from '../support/app.ts';
import { createClient, type Client, type Problem } from '../support/client.ts';
import { operations, pathOf, type Operation } from '../support/operations.ts';

const ID = '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';
/** Part of every invalid response; it must not reach the client. */
const SECRET = 'an internal detail';
const headers = {
  'Cache-Control': 'private, no-cache',
  ETag: '"1"',
  Location: `/${SECRET}`,
  Link: `<${SECRET}>; rel="next"`,
};
const BAD_VALUES: Readonly<Record<string, unknown>> = { string: `\u0007${SECRET}`, number: -1 };
const STATUSES = [200, 201, 202, 203, 204, 206, 301, 304, 402, 418, 499, 501, 599];

interface AnyResponse {
  readonly status: number;
  readonly body?: unknown;
}

const contractIndex = await indexContract();
/** The response of the handler of all operations. */
let handlerResponse: AnyResponse;
const app = useApp(() => Promise.resolve({ headers, ...handlerResponse }));
let client: Client;

beforeAll(() => {
  client = createClient(app.url, 'any');
});

/** Makes a handler return a response. Expects a 500 without its contents, and a log entry with the cause. */
async function expectFault(operation: Operation, wrong: AnyResponse, cause: RegExp): Promise<void> {
  handlerResponse = wrong;
  app.log.length = 0;
  const { method, body } = operation;
  const path = pathOf(operation, 'alice', ID);
  const response = await client.request<Problem>(method, path, { body });
  expect({ status: response.status, code: response.body.code }).toEqual({
    status: 500,
    code: 'internal-error',
  });
  expect(response.body.detail).toBe('An internal error occurred');
  expect(response.text + [...response.headers].join()).not.toContain(SECRET);
  expect(response.headers.has('etag')).toBe(false);
  const line = app.log.find((it) => it.includes(response.body.request_id) && it.includes('"err"'));
  expect(line).toMatch(cause);
}

describe.each(operations)('$operationId', (operation) => {
  const sample: { status: number; mock: unknown } = contractIndex.mockResponseForOperation(
    operation.operationId,
  );
  const { status } = sample;
  const body = status === 204 ? undefined : (sample.mock as Readonly<Record<string, unknown>>);

  test.each(STATUSES.filter((it) => !(it in operation.responses)))(
    'never returns an undocumented %i',
    async (undocumented) => {
      const wrong = { status: undocumented, body: { ...body, title: SECRET } };
      await expectFault(operation, wrong, /status code|NOT have a body|returned/);
      await expectFault(operation, { status: undocumented }, /returned/);
    },
  );

  test.each(Object.keys(operation.responses).filter((it) => it >= '400'))(
    'never returns %s from a handler, because problems are thrown',
    async (documented) => {
      const wrong = { status: Number(documented), body: { ...body, title: SECRET } };
      await expectFault(operation, wrong, /must be thrown/);
    },
  );

  if (body === undefined) {
    test('never returns a body', async () => {
      await expectFault(operation, { status, body: { title: SECRET } }, /should NOT have a body/);
    });
    return;
  }

  describe('never returns a body', () => {
    test('that is missing', async () => {
      await expectFault(operation, { status }, /without a body/);
    });

    test('with an extra field', async () => {
      const wrong = { status, body: { ...body, secret: SECRET } };
      await expectFault(operation, wrong, /must NOT have additional properties/);
    });

    test.each(Object.keys(body))('without %s', async (name) => {
      const wrong = { status, body: { ...body, [name]: undefined } };
      await expectFault(operation, wrong, /must have required property/);
    });

    test.each(Object.keys(body))('with %s of another type', async (name) => {
      const wrong = { status, body: { ...body, [name]: { secret: SECRET } } };
      await expectFault(operation, wrong, /must be|format is invalid/);
    });

    const lists = Object.entries(body).filter(([, value]) => Array.isArray(value));
    const of = (item: unknown, count: number) => Array<unknown>(count).fill(item);

    test.each(lists)('with an invalid item at the end of a long list of %s', async (name, list) => {
      const [item] = list as unknown[];
      const long = [...of(item, 99), withBadValues(item)];
      await expectFault(operation, { status, body: { ...body, [name]: long } }, /must/);
      const longer = [...of(item, 999), withBadValues(item)];
      await expectFault(operation, { status, body: { ...body, [name]: longer } }, /must/);
    });

    test.each(lists)('with too many %s', async (name, list) => {
      const [item] = list as unknown[];
      const wrong = { status, body: { ...body, [name]: of(item, 1001) } };
      await expectFault(operation, wrong, /must NOT have more than 100(0)? items/);
    });

    test('with an invalid value at any depth', async () => {
      const wrong = withBadValues(body);
      expect(wrong).not.toEqual(body);
      await expectFault(
        operation,
        { status, body: wrong },
        /must NOT have fewer|must match|must be (equal|>=)/,
      );
    });
  });
});

/**
 * The same JSON with an invalid first field in each object: a string with a control character, or a negative number.
 */
function withBadValues(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withBadValues);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value], index) => [
      name,
      (index === 0 ? BAD_VALUES[typeof value] : undefined) ?? withBadValues(value),
    ]),
  );
}
