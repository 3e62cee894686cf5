import { expect } from 'vitest';
import type { Client, ApiResponse } from './client.ts';
import { expectDocumented } from './documented.ts';
import { exampleToken } from './example.ts';
import { type Operation, type Parameter, parametersIn } from './operations.ts';

/** The examples in the responses of an operation, filtered by status. */
export function examplesOf(operation: Operation, wanted: (status: number) => boolean) {
  return Object.entries(operation.responses)
    .filter(([status]) => wanted(Number(status)))
    .flatMap(([status, { content = {} }]) =>
      Object.values(content).flatMap(({ examples }) =>
        Object.entries(examples).map(([name, { value }]) => ({ status, name, value })),
      ),
    );
}

/** The `next_cursor` in the example of the first page. */
export function nextCursorOf(operation: Operation): string {
  const pages = examplesOf(operation, (status) => status === 200).map(
    ({ value }) => value as { next_cursor?: string | null },
  );
  return pages.find(({ next_cursor }) => next_cursor)?.next_cursor ?? '';
}

type Pairs = Readonly<Record<string, string>>;

/** A request of an operation. A query that is a string is sent unchanged. */
export interface Call<Query = Pairs | string> {
  readonly path: Pairs;
  readonly query: Query;
  readonly headers: Pairs;
  /** Sent as JSON, except a string, which is sent unchanged; undefined for no body. */
  readonly body?: unknown;
  /** Null for no token. */
  readonly token: string | null;
}

/** The request with the examples of all parameters except those in `without`. */
export async function exampleCall(
  operation: Operation,
  without: readonly string[] = [],
): Promise<Call<Pairs>> {
  const examplesIn = (place: Parameter['in']) =>
    Object.fromEntries(
      parametersIn(place, operation)
        .filter(({ name }) => !without.includes(name))
        .map(({ name, example }) => [name, String(example)]),
    );
  return {
    path: examplesIn('path'),
    query: examplesIn('query'),
    headers: examplesIn('header'),
    token: await exampleToken(),
  };
}

export function send(
  client: Client,
  { method, path }: Operation,
  { path: parameters, query, headers, body, token }: Call,
): Promise<ApiResponse> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(parameters[name] ?? ''),
  );
  const search = typeof query === 'string' ? query : new URLSearchParams(query).toString();
  return client.request(method, `${filled}${search && '?'}${search}`, {
    body,
    headers,
    token,
  });
}

/** Expects the documented headers, and the example as the body, except the fields whose values differ in each run. */
export function expectExample(
  operation: Operation,
  response: ApiResponse,
  status: string,
  example: object | undefined,
  generated: readonly string[] = [],
): void {
  expect(String(response.status), response.text).toBe(status);
  expectDocumented(operation, response);
  const body = response.body as Record<string, unknown> | undefined;
  const actual = generated.map((name) => [name, body?.[name]] as const);
  expect(response.body).toEqual(example && { ...example, ...Object.fromEntries(actual) });
}
