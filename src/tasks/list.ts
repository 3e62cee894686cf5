import type { operations } from '../../generated/types.ts';

type Query = NonNullable<operations['listTasks']['parameters']['query']>;

/** Which list of tasks it is: the filter and the order that a cursor belongs to. */
export interface List {
  readonly status: NonNullable<Query['status']>;
  readonly sort: NonNullable<Query['sort']>;
  readonly order: NonNullable<Query['order']>;
}

/** The list of a query, with the contract's defaults. */
export function listOf({ status = 'all', sort = 'created', order }: Query): List {
  return { status, sort, order: order ?? (sort === 'title' ? 'asc' : 'desc') };
}
