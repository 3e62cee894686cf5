import { createClient, type Client } from '../../generated/client/client/index.ts';
import * as operations from '../../generated/client/sdk.gen.ts';
import { errorOfReply } from './errors.ts';
import { everyItem } from './pages.ts';
import { retryingFetch } from './retrying-fetch.ts';
import type { Task } from './schemas.ts';
import type { CallOptions, Input, Method } from './types.ts';

export interface TasksClientOptions {
  /** Where the service is, such as `https://tasks.example.com`; the page's own origin when empty. */
  readonly baseUrl: string;
  /** The caller's token. Asked before every call, and once more when the service says that it has expired. */
  readonly token: () => string | Promise<string>;
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Milliseconds that each try may take; 10,000 unless given. */
  readonly timeout?: number;
  /** Tries after the first one of an idempotent call; 3 unless given. */
  readonly retries?: number;
}

type Methods = { readonly [Id in keyof typeof operations]: Method<Id> };
type Everything<Id extends 'listTasks' | 'listUserTasks'> = Omit<Input<Id>, 'query'> & {
  readonly query?: Omit<NonNullable<Input<Id>['query']>, 'cursor'>;
};

/** The operations of the Tasks API, by their names in the contract. */
export interface TasksClient extends Methods {
  /** Every task of the caller, page by page as they are needed. */
  allTasks(options?: Everything<'listTasks'>): AsyncGenerator<Task, void>;
  /** Every task of the user in the path, page by page as they are needed. */
  allUserTasks(options: Everything<'listUserTasks'>): AsyncGenerator<Task, void>;
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
  const fetch: typeof globalThis.fetch = (...request) =>
    (options.fetch ?? globalThis.fetch)(...request);
  const fetchWithin = (milliseconds: number) =>
    retryingFetch({ fetch, token, timeout: milliseconds, retries });

  const http = createClient({
    baseUrl,
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
    async ({ body, path, query, signal, timeout: own, ...headers }: AnyInput = {}) => {
      const { data, response } = await operation({
        client: http,
        throwOnError: true,
        headers: headerFields(headers),
        ...(body !== undefined && { body }),
        ...(path && { path }),
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
      everyItem((page) => methods.listTasks({ ...options, query: { ...page, ...options?.query } })),
    allUserTasks: (options) =>
      everyItem((page) =>
        methods.listUserTasks({ ...options, query: { ...page, ...options.query } }),
      ),
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

/** The header fields of options: `ifMatch` is `if-match`, and their case does not matter. */
function headerFields(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/[A-Z]/g, '-$&'), value]),
  );
}
