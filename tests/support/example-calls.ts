import { expect } from 'vitest';
import type { Client, ApiResponse } from './client.ts';
import { expectDocumented } from './documented.ts';
import { exampleToken } from './example.ts';
import { type Operation, type Parameter, parametersIn } from './operations.ts';

/** The examples of the responses of an operation, those that the filter lets through. */
export function examplesOf(operation: Operation, wanted: (status: number) => boolean) {
  return Object.entries(operation.responses)
    .filter(([status]) => wanted(Number(status)))
    .flatMap(([status, { content = {} }]) =>
      Object.values(content).flatMap(({ examples }) =>
        Object.entries(examples).map(([name, { value }]) => ({ status, name, value })),
      ),
    );
}

type Pairs = Readonly<Record<string, string>>;

/** A request of an operation. A query that is text is sent as it is. */
export interface Call<Query = Pairs | string> {
  readonly path: Pairs;
  readonly query: Query;
  readonly headers: Pairs;
  /** Sent as JSON unless it is text; undefined for none. */
  readonly body?: unknown;
  /** Null for none. */
  readonly token: string | null;
}

/** The request that the examples of the parameters make, but for those that are named. */
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

/** Expects the documented headers, and the example as the body, except for values that differ in each run. */
export function expectExample(
  operation: Operation,
  response: ApiResponse,
  status: string,
  example: object | undefined,
  unforeseeable: readonly string[] = [],
): void {
  expect(String(response.status), response.text).toBe(status);
  expectDocumented(operation, response);
  const body = response.body as Record<string, unknown> | undefined;
  const actual = unforeseeable.map((name) => [name, body?.[name]] as const);
  expect(response.body).toEqual(example && { ...example, ...Object.fromEntries(actual) });
}
