import { expectTypeOf, test } from 'vitest';
import type { components } from '../../generated/types.ts';
import type { Caller } from '../../src/auth/caller.ts';
import type { OperationId, OperationResponse } from '../../src/contract.ts';
import type { Handler, Handlers } from '../../src/operations/handler.ts';
import { handlers } from '../../src/operations/index.ts';
import type { Task } from '../../src/tasks/task.ts';

// The compiler checks this file: an `@ts-expect-error` without an error is itself an error.

declare const task: Task;
const headers = { 'Cache-Control': 'private, no-cache', ETag: '"1"' } as const;
const accept = (..._responses: OperationResponse<'getTask'>[]) => undefined;
const acceptCreated = (..._responses: OperationResponse<'createTask'>[]) => undefined;
const use = (..._values: unknown[]) => undefined;
const acceptDeleted = (..._responses: OperationResponse<'deleteTask'>[]) => undefined;

/** Never called, only compiled. */
export function doesNotCompile(): void {
  const { getTask: _, ...others } = handlers;
  // @ts-expect-error -- a handler is missing
  others satisfies Handlers;
  // @ts-expect-error -- the contract has no such operation
  ({ ...handlers, listTeams: handlers.listTasks }) satisfies Handlers;
  // @ts-expect-error -- the handler of an operation with another response
  ({ ...handlers, getTask: handlers.listTasks }) satisfies Handlers;

  // @ts-expect-error -- an undocumented status
  accept({ status: 202, headers, body: task });
  // @ts-expect-error -- the status of another operation
  accept({ status: 204, headers });
  // @ts-expect-error -- errors are thrown, not returned
  accept({ status: 404, headers, body: task });
  // @ts-expect-error -- no body
  accept({ status: 200, headers });
  // @ts-expect-error -- a field is missing
  accept({ status: 200, headers, body: { ...task, title: undefined } });
  // @ts-expect-error -- a field of the wrong type
  accept({ status: 200, headers, body: { ...task, completed: 'yes' } });
  // @ts-expect-error -- null for a field that is not nullable
  accept({ status: 200, headers, body: { ...task, title: null } });
  // @ts-expect-error -- the ETag is missing
  accept({ status: 200, headers: { 'Cache-Control': 'private, no-cache' }, body: task });
  // @ts-expect-error -- a Cache-Control value that the contract does not allow
  accept({ status: 200, headers: { ...headers, 'Cache-Control': 'public' }, body: task });
  // @ts-expect-error -- the Location is missing
  acceptCreated({ status: 201, headers, body: task });
  // @ts-expect-error -- a body on a 204
  acceptDeleted({ status: 204, headers, body: task });
  // @ts-expect-error -- a body on a 304
  accept({ status: 304, headers, body: task });

  const readsTheBody: Handler<'updateTask'> = ({ body }) => {
    // @ts-expect-error -- the contract has no such field
    use(body.colour);
    // @ts-expect-error -- the field is optional
    body.title satisfies string;
    return Promise.reject(new Error());
  };
  const readsTheQuery: Handler<'listTasks'> = ({ query, params }) => {
    // @ts-expect-error -- the contract has no such parameter
    use(query.colour);
    // @ts-expect-error -- the operation has no path parameters
    use(params.id);
    return Promise.reject(new Error());
  };
  const readsTheCaller: Handler<'getLiveness'> = (_request, caller) => {
    // @ts-expect-error -- the operation has no caller
    use(caller.id);
    return Promise.reject(new Error());
  };
  use(readsTheBody, readsTheQuery, readsTheCaller);

  // @ts-expect-error -- only the verifier creates a user id
  ({ id: 'alice', email: null, name: null, issuedAt: 0 }) satisfies Caller;
}

test('handlers that match the contract compile', () => {
  expectTypeOf(handlers).toExtend<Handlers>();
  expectTypeOf<keyof typeof handlers>().toEqualTypeOf<OperationId>();
  expectTypeOf<OperationResponse<'getTask'>['status']>().toEqualTypeOf<200 | 304>();
  expectTypeOf<OperationResponse<'createTask'>['status']>().toEqualTypeOf<201>();
  expectTypeOf<OperationResponse<'deleteTask'>['status']>().toEqualTypeOf<204>();
  expectTypeOf<Parameters<Handler<'getLiveness'>>[1]>().toEqualTypeOf<null>();
  expectTypeOf<Parameters<Handler<'getTask'>>[1]>().toEqualTypeOf<Caller>();
  expectTypeOf<Parameters<Handler<'completeTask'>>[0]['body']>().toEqualTypeOf<
    { completed: boolean } | undefined
  >();
});

// `make generate` uses the default options of openapi-typescript, which make a field with a default in its object required.
test('a request may omit fields that have a default', () => {
  expectTypeOf<{ title: string }>().toExtend<components['schemas']['TaskCreate']>();
});
