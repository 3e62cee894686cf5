import { readFileSync } from 'node:fs';
import { convertV2 } from 'openapi-to-postmanv2';
import { Collection, type Item, Property, Request } from 'postman-collection';
import { beforeEach, describe, expect, test } from 'vitest';
import { CONTRACT } from '../../src/files.ts';
import { EXAMPLE_TASK, EXAMPLE_USER, seedExample } from '../support/example.ts';
import { type Operation, operationOf, operations } from '../support/operations.ts';
import { useService } from '../support/service.ts';

const service = useService();
/** What a user of the files sets. */
let variables: Readonly<Record<string, string>>;

beforeEach(async () => {
  const token = await seedExample(service);
  variables = {
    baseUrl: service.url,
    token,
    bearerToken: token,
    id: EXAMPLE_TASK,
    user_id: EXAMPLE_USER,
  };
});

const success = ({ responses }: Operation) =>
  Number(Object.keys(responses).find((status) => status.startsWith('2')));

/** Replaces the variables of a collection by their values. */
function resolve<T extends object>(value: T): T {
  return Property.replaceSubstitutionsIn(value, [variables]) as T;
}

/** Without a body, the programs have an empty text. */
function bodyOf(text = ''): string | null {
  return text === '' ? null : text;
}

/** Sends a request of a collection, as Postman does. */
async function sendItem(item: Item) {
  const request = new Request(resolve(item.request.toJSON()));
  const headers = new Headers(request.getHeaders({ enabled: true }));
  const [token] = item.getAuth()?.parameters().all() ?? [];
  if (token) headers.set('Authorization', `Bearer ${resolve({ text: String(token.value) }).text}`);
  const response = await fetch(request.url.toString(), {
    method: request.method,
    headers,
    body: bodyOf(request.body?.toString()),
  });
  return { status: response.status, text: await response.text() };
}

/** The request of an operation in a collection. */
function itemOf(collection: Collection, { method, path }: Operation): Item {
  const template = path.replaceAll(/\{(\w+)\}/g, ':$1');
  const items: Item[] = [];
  collection.forEachItem((item) => {
    items.push(item);
  });
  const found = items.find(
    ({ request }) =>
      request.method === method && `/${(request.url.path ?? []).join('/')}` === template,
  );
  if (!found) throw new Error(`No request has the method and path ${method} ${path}`);
  return found;
}

describe('generated/requests/tasks.postman_collection.json', () => {
  const file = readFileSync('generated/requests/tasks.postman_collection.json', 'utf8');
  const collection = new Collection(JSON.parse(file) as object);

  test.each(operations)('$operationId succeeds', async (operation) => {
    const { status, text } = await sendItem(itemOf(collection, operation));
    expect(status, text).toBe(success(operation));
  });

  test('every creation has a new key', async () => {
    const item = itemOf(collection, operationOf('createTask'));
    const [first, second] = [await sendItem(item), await sendItem(item)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.text).not.toBe(second.text);
  });
});

describe('generated/requests/tasks.http', () => {
  const blocks = readFileSync('generated/requests/tasks.http', 'utf8')
    .split(/^###.*\n/m)
    .slice(1);

  test.each(operations)('$operationId succeeds', async (operation) => {
    const block = blocks.find((it) => it.startsWith(`# @name ${operation.operationId}\n`)) ?? '';
    const text = block
      .replaceAll(/^#.*\n/gm, '')
      .replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => variables[name] ?? '');
    const [head = '', body] = text.split('\n\n');
    const [line = '', ...headers] = head.trim().split('\n');
    const [method = '', url = ''] = line.split(' ');
    const response = await fetch(url, {
      method,
      headers: headers.map((header) => header.split(': ', 2) as [string, string]),
      body: bodyOf(body?.trim()),
    });
    expect(response.status, await response.text()).toBe(success(operation));
  });
});

describe.each(['Schema', 'Example'])('the contract imported by Postman, values by %s', (values) => {
  const imported = new Promise<Collection>((done, reject) => {
    const input = { type: 'string', data: readFileSync(CONTRACT, 'utf8') } as const;
    convertV2(input, { parametersResolution: values }, (error, result) => {
      if (error || !result.result) reject(error ?? new Error('not imported'));
      else done(new Collection(result.output[0]?.data ?? {}));
    });
  });
  const withoutBody = operations.filter(({ method }) => method === 'GET');
  const creations = operations.filter(({ method }) => method === 'POST');

  test.each([...withoutBody, ...creations])('$operationId succeeds', async (operation) => {
    const item = itemOf(await imported, operation);
    // The only values that a user has to fill in: the ids in the path.
    for (const parameter of item.request.url.variables.all())
      parameter.set(variables[parameter.key]);
    const { status, text } = await sendItem(item);
    // In the examples, the ETag of `If-None-Match` is that of the task.
    const expected =
      /get(User)?Task$/.test(operation.operationId) && values === 'Example' ? 304 : 200;
    expect(status, text).toBe(operation.method === 'POST' ? 201 : expected);
  });
});
