import type { OperationRequest } from '../contract.ts';

type Query = OperationRequest<'listTasks'>['query'];

/** The filter and the sort order of a list of tasks. A cursor is valid only for the list that returned it. */
export interface List {
  readonly status: Query['status'];
  readonly sort: Query['sort'];
  readonly order: NonNullable<Query['order']>;
}

/** Returns the list of a query. The default of `order` depends on `sort`, which the contract cannot express. */
export function listOf({ status, sort, order }: Query): List {
  return { status, sort, order: order ?? (sort === 'title' ? 'asc' : 'desc') };
}
