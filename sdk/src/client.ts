import { createClient, type Client } from '../../generated/client/client/index.ts';
import * as operations from '../../generated/client/sdk.gen.ts';
import { errorOfResponse } from './errors.ts';
import { checkOption, checkOptions, type TasksClientOptions } from './options.ts';
import { everyItem, everyPage, MAX_PAGE_SIZE } from './pages.ts';
import { originalETag, prepareRequest, serializeBody } from './request.ts';
import { changesData, retryingFetch } from './retrying-fetch.ts';
import type { Task, UserExport } from './schemas.ts';
import type { CallOptions, HeaderOption, Input, Method } from './types.ts';

type Methods = { readonly [Id in keyof typeof operations]: Method<Id> };
type WithoutCursor<Query> = Omit<NonNullable<Query>, 'cursor'>;
type AllPages<Options> = Omit<Options, 'query'> &
  (Options extends { query?: infer Query } ? { readonly query?: WithoutCursor<Query> } : unknown);

/** The operations of the Tasks API as methods, named after their `operationId` in the contract. */
export interface TasksClient extends Methods {
  /** Iterates over all tasks of the caller, fetching each page when it is needed. */
  allTasks(options?: AllPages<Input<'listTasks'>>): AsyncGenerator<Task, void>;
  /** Iterates over all tasks of the user in the path, fetching each page when it is needed. */
  allUserTasks(options: AllPages<Input<'listUserTasks'>>): AsyncGenerator<Task, void>;
  /** Iterates over all pages of the export of the caller's data. Each page contains the user. */
  exportPages(options?: AllPages<Input<'exportCurrentUser'>>): AsyncGenerator<UserExport, void>;
  /** The underlying generated client, with the same tokens, retries and errors, for requests without a method. */
  readonly http: Client;
}

/**
 * Creates a client for the Tasks API. Its methods reject with a {@link TasksError}.
 *
 * @throws {TypeError} if an option is missing or invalid; the message names it
 */
export function createTasksClient({
  baseUrl,
  token,
  timeout = 10_000,
  retries = 3,
  ...options
}: TasksClientOptions): TasksClient {
  checkOptions({ baseUrl, token, timeout, retries, fetch: options.fetch });
  // Looks up the global `fetch` at each call, so that it can be replaced later, and calls it unbound.
  const fetch: typeof globalThis.fetch = (...request) =>
    (options.fetch ?? globalThis.fetch)(...request);
  const fetchWithTimeout = (milliseconds: number) =>
    retryingFetch({ fetch, token, timeout: milliseconds, retries });

  const http = createClient({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    // A placeholder on requests that need a token; `retryingFetch` sets the real one.
    auth: 'token',
    fetch: fetchWithTimeout(timeout),
    parseAs: 'json',
    throwOnError: true,
    bodySerializer: serializeBody,
    requestValidator: prepareRequest,
    responseValidator: requireObject,
  });
  // A successful response whose body is invalid. `fetch` throws the errors of other responses.
  http.interceptors.error.use((error, response, request) =>
    response && request ? errorOfResponse(response, undefined, changesData(request.method)) : error,
  );

  const method =
    (operation: Operation) =>
    async (input: AnyInput = {}) => {
      const { body, path = {}, query, signal, timeout: ownTimeout } = input;
      if (ownTimeout !== undefined) checkOption('timeout', ownTimeout);
      const { data, response } = await operation({
        client: http,
        throwOnError: true,
        headers: headerFields(input),
        path,
        ...(body !== undefined && { body }),
        ...(query && { query }),
        ...(signal && { signal }),
        ...(ownTimeout !== undefined && { fetch: fetchWithTimeout(ownTimeout) }),
      });
      if (response.status === 204) return undefined;
      const etag = response.headers.get('ETag');
      return etag === null ? data : { ...data, etag: originalETag(etag) };
    };

  const methods = Object.fromEntries(
    Object.entries(operations).map(([id, operation]) => [id, method(operation as Operation)]),
  ) as unknown as Methods;

  return {
    ...methods,
    allTasks: (options) =>
      everyItem((cursor) => {
        const query = { limit: MAX_PAGE_SIZE, ...options?.query, cursor };
        return methods.listTasks({ ...options, query });
      }),
    allUserTasks: (options) =>
      everyItem((cursor) => {
        const query = { limit: MAX_PAGE_SIZE, ...options.query, cursor };
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

/** @throws {TypeError} if the body of a successful response is not an object, as all bodies of the contract are */
function requireObject(data: unknown): Promise<void> {
  if (typeof data === 'object' && data !== null && Object.keys(data).length > 0)
    return Promise.resolve();
  return Promise.reject(new TypeError('The body is not an object'));
}

/** The options that are sent as headers. Other properties of the options object are not sent. */
const HEADERS: Readonly<Record<HeaderOption, string>> = {
  ifMatch: 'If-Match',
  ifNoneMatch: 'If-None-Match',
  idempotencyKey: 'Idempotency-Key',
};

function headerFields(options: AnyInput): Record<string, unknown> {
  const fields = Object.entries(HEADERS).map(([option, name]) => [name, options[option]]);
  return Object.fromEntries(fields) as Record<string, unknown>;
}
