import type { Task } from '@tasks-api/client';

const STATUSES = ['all', 'pending', 'completed'] as const;
const SORTS = ['created', 'updated', 'title'] as const;
const ORDERS = ['asc', 'desc'] as const;

/** Which tasks a list shows, and in which order. It is part of the URL. */
export interface View {
  readonly status: (typeof STATUSES)[number];
  readonly sort: (typeof SORTS)[number];
  readonly order: (typeof ORDERS)[number];
}

/** All tasks, newest first. */
export const DEFAULT_VIEW: View = { status: 'all', sort: 'created', order: 'desc' };

/** The `searchParams` of a page, or those of the browser. */
export type SearchParams =
  | URLSearchParams
  | Readonly<Record<string, string | string[] | undefined>>;

/** The view in a URL. Missing or invalid parameters have their defaults. */
export function parseView(params: SearchParams): View {
  const read = <Value extends string>(name: string, values: readonly Value[]) => {
    const given = params instanceof URLSearchParams ? params.get(name) : params[name];
    return values.find((value) => value === given);
  };
  const sort = read('sort', SORTS) ?? DEFAULT_VIEW.sort;
  return {
    status: read('status', STATUSES) ?? DEFAULT_VIEW.status,
    sort,
    order: read('order', ORDERS) ?? defaultOrder(sort),
  };
}

/** The query string of a view, without default values: empty, or starting with a question mark. */
export function viewQuery({ status, sort, order }: View): string {
  const params = new URLSearchParams();
  if (status !== DEFAULT_VIEW.status) params.set('status', status);
  if (sort !== DEFAULT_VIEW.sort) params.set('sort', sort);
  if (order !== defaultOrder(sort)) params.set('order', order);
  return params.size > 0 ? `?${params.toString()}` : '';
}

/** Titles are sorted from A to Z by default, times from the newest. */
function defaultOrder(sort: View['sort']): View['order'] {
  return sort === 'title' ? 'asc' : 'desc';
}

/** Whether a view shows a task. */
export function includes({ status }: View, { completed }: Pick<Task, 'completed'>): boolean {
  return status === 'all' || completed === (status === 'completed');
}
