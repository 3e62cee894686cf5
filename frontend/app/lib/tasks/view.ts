import type { Task } from '@tasks-api/client';

const STATUSES = ['all', 'pending', 'completed'] as const;
const SORTS = ['created', 'updated', 'title'] as const;
const ORDERS = ['asc', 'desc'] as const;

/** Which tasks a list shows, and in which order. It lives in the address. */
export interface View {
  readonly status: (typeof STATUSES)[number];
  readonly sort: (typeof SORTS)[number];
  readonly order: (typeof ORDERS)[number];
}

/** The newest first. */
export const DEFAULT_VIEW: View = { status: 'all', sort: 'created', order: 'desc' };

/** What a page gets as its `searchParams`, or the browser's own. */
export type SearchParams =
  URLSearchParams | Readonly<Record<string, string | string[] | undefined>>;

/** The view of an address. What it does not say, or says wrongly, is as usual: titles from A, times from the newest. */
export function parseView(params: SearchParams): View {
  const of = <Value extends string>(name: string, values: readonly Value[]) => {
    const given = params instanceof URLSearchParams ? params.get(name) : params[name];
    return values.find((value) => value === given);
  };
  const sort = of('sort', SORTS) ?? DEFAULT_VIEW.sort;
  return {
    status: of('status', STATUSES) ?? DEFAULT_VIEW.status,
    sort,
    order: of('order', ORDERS) ?? usualOrder(sort),
  };
}

/** The query of a view for an address, without what is as usual: empty, or with its question mark. */
export function viewQuery({ status, sort, order }: View): string {
  const params = new URLSearchParams();
  if (status !== DEFAULT_VIEW.status) params.set('status', status);
  if (sort !== DEFAULT_VIEW.sort) params.set('sort', sort);
  if (order !== usualOrder(sort)) params.set('order', order);
  return params.size > 0 ? `?${params.toString()}` : '';
}

/** The order that people expect of a sort. */
function usualOrder(sort: View['sort']): View['order'] {
  return sort === 'title' ? 'asc' : 'desc';
}

/** Whether a view shows a task. */
export function includes({ status }: View, { completed }: Pick<Task, 'completed'>): boolean {
  return status === 'all' || completed === (status === 'completed');
}
