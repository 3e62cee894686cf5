import { createClient, type Client } from '../../generated/client/client/index.ts';
import * as operations from '../../generated/client/sdk.gen.ts';
import { errorOfReply } from './errors.ts';
import { everyItem, everyPage, LONGEST_PAGE } from './pages.ts';
import { retryingFetch } from './retrying-fetch.ts';
import type { Task, UserExport } from './schemas.ts';
import type { CallOptions, HeaderOption, Input, Method } from './types.ts';

export interface TasksClientOptions {
  /** Where the service is, such as `https://tasks.example.com`; the page's own origin when empty. */
  readonly baseUrl: string;
  /** The caller's token. Asked before every call, and once more when the service says that it has expired. */
  readonly token: () => string | Promise<string>;
  /** Instead of the global `fetch`; called with an address and options. */
  readonly fetch?: typeof fetch;
  /** Milliseconds that each try may take, and each token; 10,000 unless given. */
  readonly timeout?: number;
  /** Tries after the first one of an idempotent call; 3 unless given. */
  readonly retries?: number;
}

type Methods = { readonly [Id in keyof typeof operations]: Method<Id> };
type WithoutCursor<Query> = Omit<NonNullable<Query>, 'cursor'>;
type Everything<Options> = Omit<Options, 'query'> &
  (Options extends { query?: infer Query } ? { readonly query?: WithoutCursor<Query> } : unknown);

/** The operations of the Tasks API, by their names in the contract. */
export interface TasksClient extends Methods {
  /** Every task of the caller, page by page as they are needed. */
  allTasks(options?: Everything<Input<'listTasks'>>): AsyncGenerator<Task, void>;
  /** Every task of the user in the path, page by page as they are needed. */
  allUserTasks(options: Everything<Input<'listUserTasks'>>): AsyncGenerator<Task, void>;
  /** Everything that is stored about the caller, page by page as they are needed; each has the user. */
  exportPages(options?: Everything<Input<'exportCurrentUser'>>): AsyncGenerator<UserExport, void>;
  /** The generated client beneath, with the same tokens, retries and errors, for requests that no method makes. */
  readonly http: Client;
}

/** Makes a client of the Tasks API. Its methods reject with a {@link TasksError}. */
export function createTasksClient({
  baseUrl,
  token,
  timeout = 10_000,
  retries = 3,
  ...options
}: TasksClientOptions): TasksClient {
  // The global one when it is called, so that it can be replaced later, and as a function of its own.
  const fetch: typeof globalThis.fetch = (...request) =>
    (options.fetch ?? globalThis.fetch)(...request);
  const fetchWithin = (milliseconds: number) =>
    retryingFetch({ fetch, token, timeout: milliseconds, retries });

  const http = createClient({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    // Marks what needs a token; `retryingFetch` asks for it.
    auth: 'token',
    fetch: fetchWithin(timeout),
    parseAs: 'json',
    throwOnError: true,
    responseValidator: expectObject,
  });
  http.interceptors.error.use((error, response) =>
    response ? errorOfReply(response, error) : error,
  );

  const method =
    (operation: Operation) =>
    async (input: AnyInput = {}) => {
      const { body, path = {}, query, signal, timeout: own } = input;
      expectPlaces(path);
      const { data, response } = await operation({
        client: http,
        throwOnError: true,
        headers: headerFields(input),
        path,
        ...(body !== undefined && { body }),
        ...(query && { query }),
        ...(signal && { signal }),
        ...(own !== undefined && { fetch: fetchWithin(own) }),
      });
      if (response.status === 204) return undefined;
      const etag = response.headers.get('ETag');
      return etag === null ? data : { ...data, etag };
    };

  const methods = Object.fromEntries(
    Object.entries(operations).map(([id, operation]) => [id, method(operation as Operation)]),
  ) as unknown as Methods;

  return {
    ...methods,
    allTasks: (options) =>
      everyItem((cursor) => {
        const query = { limit: LONGEST_PAGE, ...options?.query, cursor };
        return methods.listTasks({ ...options, query });
      }),
    allUserTasks: (options) =>
      everyItem((cursor) => {
        const query = { limit: LONGEST_PAGE, ...options.query, cursor };
        return methods.listUserTasks({ ...options, query });
      }),
    exportPages: (options) =>
      everyPage((cursor) => {
        const query = { ...options?.query, cursor };
        return methods.exportCurrentUser({ ...options, query });
      }),
    http,
  };
}

type Operation = (options: object) => Promise<{ data: object; response: Response }>;
interface AnyInput extends CallOptions {
  readonly body?: unknown;
  readonly path?: object;
  readonly query?: object;
  readonly [header: string]: unknown;
}

/** @throws when a success is none of the contract, whose bodies are objects */
function expectObject(data: unknown): Promise<void> {
  if (typeof data === 'object' && data !== null && Object.keys(data).length > 0)
    return Promise.resolve();
  return Promise.reject(new TypeError('The body is no object'));
}

/** The options that are headers, and only those: whatever else an object has along is not sent. */
const HEADERS: Readonly<Record<HeaderOption, string>> = {
  ifMatch: 'If-Match',
  ifNoneMatch: 'If-None-Match',
  idempotencyKey: 'Idempotency-Key',
};

function headerFields(options: AnyInput): Record<string, unknown> {
  const fields = Object.entries(HEADERS).map(([option, name]) => [name, options[option]]);
  return Object.fromEntries(fields) as Record<string, unknown>;
}

/** @throws {TypeError} when a value would lead to another path: URLs have no way to write these */
function expectPlaces(path: object): void {
  for (const [name, value] of Object.entries(path)) {
    if (['', '.', '..'].includes(String(value ?? '')))
      throw new TypeError(`path.${name} cannot be ${JSON.stringify(value)}`);
  }
}
