import { describe, expect, test, vi } from 'vitest';
import { createTasksClient, type TasksClientOptions } from '@tasks-api/client';

const valid: TasksClientOptions = { baseUrl: 'https://tasks.example.com', token: () => 'token' };
/** Options of an application that is not type-checked. */
const create = (options: object) => createTasksClient(options as TasksClientOptions);

describe('an invalid option of the client is named, with what it must be', () => {
  test.each([
    [undefined],
    [null],
    ['tasks.example.com'],
    ['localhost:8000'],
    ['ftp://tasks.example.com'],
    ['https://'],
    ['https://tasks.example.com?'],
    ['https://tasks.example.com/#'],
    ['https://alice:secret@tasks.example.com'],
    ['https://tasks.example.com/api'],
    ['https://tasks.example.com/prefix/api/'],
    ['/api'],
    ['https://tasks.example.com/api/tasks'],
    [new URL('https://tasks.example.com')],
  ])('baseUrl: %s', (baseUrl) => {
    expect(() => create({ ...valid, baseUrl })).toThrow(
      /^`baseUrl` must be the URL of the service without \/api, such as .*, not /,
    );
  });

  test.each([
    ['token', undefined, 'a function that returns the bearer token, not undefined'],
    ['token', 'a-token', 'a function that returns the bearer token, not string'],
    ['fetch', null, 'a function, not null'],
    ['fetch', {}, 'a function, not [object Object]'],
    ['timeout', 0, 'a number above 0, not 0'],
    ['timeout', NaN, 'a number above 0, not NaN'],
    ['timeout', '5000', 'a number above 0, not 5000'],
    ['retries', -1, 'a number of at least 0, not -1'],
    ['retries', NaN, 'a number of at least 0, not NaN'],
    ['retries', null, 'a number of at least 0, not null'],
  ])('%s: %j', (name, value, message) => {
    expect(() => create({ ...valid, [name]: value })).toThrow(
      new TypeError(`\`${name}\` must be ${message}`),
    );
  });

  test('no options at all', () => {
    expect(() => create({})).toThrow('`baseUrl` must be');
  });
});

test.each([
  ['https://tasks.example.com'],
  ['http://127.0.0.1:8000/'],
  ['HTTPS://tasks.example.com/todo//'],
  ['http://[::1]:8000'],
  ['https://tasks.example.com/my-api'],
  ['/todo'],
  [''],
])('baseUrl: %j is valid', (baseUrl) => {
  expect(() => create({ ...valid, baseUrl, fetch: undefined })).not.toThrow();
});

test('a timeout that is longer than a timer supports does not end the call at once', async () => {
  const page = { items: [], next_cursor: null };
  const slowly = () =>
    new Promise<Response>((resolve) => setTimeout(resolve, 20, Response.json(page)));
  const client = createTasksClient({ ...valid, fetch: slowly, timeout: 2 ** 31, retries: 0 });
  expect(await client.listTasks()).toEqual(page);
});

describe('a call rejects, without a request,', () => {
  const fetch = vi.fn();
  const client = createTasksClient({ ...valid, fetch });

  test.each([
    ['a missing path', {}, 'path.id cannot be undefined'],
    ['a missing path parameter', { path: {} }, 'path.id cannot be undefined'],
    ['a path parameter that is null', { path: { id: null } }, 'path.id cannot be null'],
    ['timeout: 0', { path: { id: 'a' }, timeout: 0 }, '`timeout` must be a number above 0, not 0'],
  ])('%s', async (_name, options, message) => {
    const call = client.getTask(options as Parameters<typeof client.getTask>[0]);
    await expect(call).rejects.toThrow(new TypeError(message));
    expect(fetch).not.toHaveBeenCalled();
  });

  test.each([[undefined], [null], [42]])('a token that is %s', async (value) => {
    const token = () => value as unknown as string;
    await expect(createTasksClient({ ...valid, token, fetch }).listTasks()).rejects.toThrow(
      /^`token` must return a string or a promise of it, not (undefined|object|number)$/,
    );
    expect(fetch).not.toHaveBeenCalled();
  });

  test('a relative baseUrl outside of a page', async () => {
    const relative = createTasksClient({ ...valid, baseUrl: '/todo', fetch });
    await expect(relative.listTasks()).rejects.toThrow('`baseUrl` must be the URL of the service');
    expect(fetch).not.toHaveBeenCalled();
  });
});
