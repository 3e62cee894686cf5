import { escapeLiteral } from 'pg';
import { expect } from 'vitest';
import type { OperationId } from '../../src/contract.ts';
import { createBackend } from '../../src/http/backend.ts';
import { handlers } from '../../src/operations/index.ts';
import type { Client, Reply, Task } from './client.ts';
import { expectDocumented } from './documented.ts';
import { operations as documentedOperations } from './operations.ts';
import { administer } from './server.ts';
import type { TestService } from './service.ts';
import { tokenOf } from './tokens.ts';

type Examples<Value> = Readonly<Record<string, { readonly value: Value }>>;

/** An operation of the contract with its examples, and all references resolved. */
export interface ExampledOperation {
  readonly operationId: OperationId;
  readonly method: string;
  readonly path: string;
  readonly parameters?: readonly {
    readonly in: 'path' | 'query' | 'header';
    readonly name: string;
    readonly example: string | number;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly examples: Examples<object> }>>;
  };
  readonly responses: Readonly<Record<string, ExampledReply>>;
}

interface ExampledReply {
  readonly headers?: Readonly<Record<string, { readonly example?: unknown }>>;
  readonly content?: Readonly<Record<string, { readonly examples: Examples<object> }>>;
}

const backend = await createBackend(handlers);
export const operations = backend.getOperations() as unknown as readonly ExampledOperation[];

const [task] = tasksOf('page');
const [nextTask] = tasksOf('last');
const user = exampleOf('getCurrentUser', '200', 'user') as Record<'id' | 'email' | 'name', string>;

function tasksOf(page: string): Task[] {
  return (exampleOf('listTasks', '200', page) as { items: Task[] }).items;
}

function exampleOf(operationId: OperationId, status: string, name: string): unknown {
  const operation = operations.find((it) => it.operationId === operationId);
  const [content] = Object.values(operation?.responses[status]?.content ?? {});
  return content?.examples[name]?.value;
}

/** The token of the user whom the examples are about. */
const exampleToken = () => tokenOf(user.id, { email: user.email, name: user.name });

/** The examples of the replies of an operation, those that the filter lets through. */
export function examplesOf(operation: ExampledOperation, wanted: (status: number) => boolean) {
  return Object.entries(operation.responses)
    .filter(([status]) => wanted(Number(status)))
    .flatMap(([status, { content = {} }]) =>
      Object.values(content).flatMap(({ examples }) =>
        Object.entries(examples).map(([name, { value }]) => ({ status, name, value })),
      ),
    );
}

/** Makes the examples true: the tasks of their user, as they are shown. */
export async function seedExamples(service: TestService): Promise<void> {
  // The third version, as the examples of `ETag` and `If-Match` have it.
  const rows = [task, nextTask].map((row) => ({ ...row, version: 3 }));
  await administer(
    service.databaseUrl,
    `truncate users cascade;
     insert into users (id) values (${escapeLiteral(user.id)});
     insert into tasks
     select * from jsonb_populate_recordset(null::tasks, ${escapeLiteral(JSON.stringify(rows))})`,
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
  { parameters = [] }: ExampledOperation,
  without: readonly string[] = [],
): Promise<Call<Pairs>> {
  const examplesIn = (place: string) =>
    Object.fromEntries(
      parameters
        .filter((it) => it.in === place && !without.includes(it.name))
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
  { method, path }: ExampledOperation,
  { path: parameters, query, headers, body, token }: Call,
): Promise<Reply> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(parameters[name] ?? ''),
  );
  const search = typeof query === 'string' ? query : new URLSearchParams(query).toString();
  return client.request(method.toUpperCase(), `${filled}${search && '?'}${search}`, {
    body,
    headers,
    token,
  });
}

/** Expects that a reply is the example, but for what nobody can foresee, and has the headers that are documented. */
export function expectExample(
  { operationId }: ExampledOperation,
  reply: Reply,
  status: string,
  example: object | undefined,
  unforeseeable: readonly string[] = [],
): void {
  expect(String(reply.status), reply.text).toBe(status);
  const operation = documentedOperations.find((it) => it.operationId === operationId);
  if (!operation) throw new Error(`${operationId} is not in the contract`);
  expectDocumented(operation, reply);
  const body = reply.body as Record<string, unknown> | undefined;
  const actual = unforeseeable.map((name) => [name, body?.[name]] as const);
  expect(reply.body).toEqual(example && { ...example, ...Object.fromEntries(actual) });
}
