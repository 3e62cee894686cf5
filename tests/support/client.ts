import { expect } from 'vitest';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import type { components } from '../../generated/types.ts';

export type Task = components['schemas']['Task'];
export type Problem = components['schemas']['Problem'];
type Page = components['schemas']['TaskPage'];

export interface ApiResponse<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON; undefined for an empty body. */
  readonly body: Body;
}

export interface RequestOptions {
  /** Sent as JSON, except text and bytes, which are sent unchanged. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Replaces the token of the client; null for no token. */
  readonly token?: string | null;
}

/** The status of each error code, from the table in the contract's description. */
const statuses = readStatuses();

/** A client of the service under test. It checks the format of every error response. */
export function createClient(url: string, ownToken: string | null = null) {
  async function request<Body = unknown>(
    method: string,
    path: string,
    { body, headers = {}, token = ownToken }: RequestOptions = {},
  ): Promise<ApiResponse<Body>> {
    const encoded = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: encoded ? ((body ?? null) as string | null) : JSON.stringify(body),
    });
    const text = await response.text();
    const received = {
      status: response.status,
      headers: response.headers,
      text,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
    };
    expectRequestId(received);
    if (received.status >= 400 && method !== 'HEAD') expectProblem(received);
    return received;
  }

  return {
    request,
    get: <Body = Task>(path: string, options?: RequestOptions) =>
      request<Body>('GET', path, options),
    list: (query = '', path = '/api/tasks') => request<Page>('GET', path + query),
    post: <Body = Task>(path: string, body: unknown, options?: RequestOptions) =>
      request<Body>('POST', path, { body, ...options }),
    put: <Body = Task>(path: string, body: unknown, options?: RequestOptions) =>
      request<Body>('PUT', path, { body, ...options }),
    patch: <Body = Task>(path: string, body?: unknown, options?: RequestOptions) =>
      request<Body>('PATCH', path, { ...(body !== undefined && { body }), ...options }),
    delete: <Body = undefined>(path: string, options?: RequestOptions) =>
      request<Body>('DELETE', path, options),
    /** Creates a task, and expects a 201. */
    async create(body: unknown = { title: 'Buy milk' }): Promise<Task> {
      const received = await request<Task>('POST', '/api/tasks', { body });
      expect(received.status, received.text).toBe(201);
      return received.body;
    },
  };
}

export type Client = ReturnType<typeof createClient>;

function expectRequestId({ headers }: ApiResponse): void {
  expect(headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
}

/** Checks the format of an error response: RFC 9457, the contract's table of errors, and no internal details. */
export function expectProblem(received: ApiResponse): Problem {
  const problem = received.body as Problem;
  expect(received.headers.get('content-type')).toBe('application/problem+json');
  expect(received.headers.get('cache-control')).toBe('no-store');
  expect(problem.request_id).toBe(received.headers.get('x-request-id'));
  expect(problem.status).toBe(received.status);
  expect(statuses.get(problem.code), problem.code).toBe(received.status);
  expect(problem.type).toBe(`urn:tasks-api:problem:${problem.code}`);
  expect(problem.title).toBeTypeOf('string');
  expect(problem.detail).toBeTypeOf('string');
  expect(received.text).not.toMatch(/node_modules|\bat \S+ \(|\.ts:\d|select |insert /i);
  for (const error of problem.errors ?? []) {
    expect(Object.keys(error).toSorted()).toEqual(['detail', 'in', 'name']);
    expect(['body', 'query', 'path', 'header']).toContain(error.in);
  }
  if (problem.code === 'validation-error') expect(problem.errors?.length).toBeGreaterThan(0);
  else expect(problem.errors).toBeUndefined();
  if (received.status === 401)
    expect(received.headers.get('www-authenticate')).toMatch(/^Bearer( error="invalid_token"|$)/);
  if (received.status === 405) expect(received.headers.get('allow')).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
  if (received.status === 429 || received.status === 503)
    expect(Number(received.headers.get('retry-after'))).toBeGreaterThan(0);
  return problem;
}

function readStatuses(): ReadonlyMap<string, number> {
  const contract = parse(readFileSync('openapi/tasks.yaml', 'utf8')) as {
    info: { description: string };
  };
  const rows = contract.info.description.matchAll(/^\| (\d+) \| `([a-z-]+)` \|/gm);
  return new Map([...rows].map(([, status, code]) => [code ?? '', Number(status)]));
}
