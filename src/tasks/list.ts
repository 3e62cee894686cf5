import type { OperationRequest } from '../contract.ts';

type Query = OperationRequest<'listTasks'>['query'];

/** The filter and the order of a list of tasks. A cursor is valid only for the list that it was made for. */
export interface List {
  readonly status: Query['status'];
  readonly sort: Query['sort'];
  readonly order: NonNullable<Query['order']>;
}

/** The list of a query. The default of `order` depends on `sort`, which a default in the contract cannot express. */
export function listOf({ status, sort, order }: Query): List {
  return { status, sort, order: order ?? (sort === 'title' ? 'asc' : 'desc') };
}
