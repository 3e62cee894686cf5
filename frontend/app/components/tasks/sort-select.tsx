'use client';

import { ArrowDownUp } from 'lucide-react';
import type { Ref } from 'react';
import type { View } from '../../lib/tasks/view.ts';

type Order = Pick<View, 'sort' | 'order'>;

const ORDERS: readonly (Order & { readonly name: string })[] = [
  { sort: 'created', order: 'desc', name: 'Newest first' },
  { sort: 'created', order: 'asc', name: 'Oldest first' },
  { sort: 'updated', order: 'desc', name: 'Recently updated' },
  { sort: 'updated', order: 'asc', name: 'Least recently updated' },
  { sort: 'title', order: 'asc', name: 'Title A to Z' },
  { sort: 'title', order: 'desc', name: 'Title Z to A' },
];

/** The sort order of the list. A native control, which phones show best. */
export function SortSelect({
  value,
  onChange,
  ref,
}: {
  readonly value: Order;
  readonly onChange: (order: Order) => void;
  readonly ref?: Ref<HTMLSelectElement>;
}) {
  return (
    // On a phone, only the icon has room: the text of the control is cut off.
    <span className="relative inline-flex shrink-0 items-center text-muted">
      <ArrowDownUp aria-hidden size={16} className="pointer-events-none absolute start-3" />
      <select
        ref={ref}
        aria-label="Sort by"
        value={keyOf(value)}
        onChange={({ currentTarget }) => {
          const chosen = ORDERS.find((order) => keyOf(order) === currentTarget.value);
          if (chosen) onChange({ sort: chosen.sort, order: chosen.order });
        }}
        className="field-sizing-content min-h-11 cursor-pointer appearance-none rounded-control bg-transparent ps-9 pe-3 text-sm font-medium hover:bg-hover hover:text-ink max-sm:w-11 max-sm:overflow-hidden max-sm:pe-0 max-sm:text-transparent max-sm:hover:text-transparent"
      >
        {ORDERS.map((order) => (
          <option key={keyOf(order)} value={keyOf(order)} className="bg-surface text-ink">
            {order.name}
          </option>
        ))}
      </select>
    </span>
  );
}

function keyOf({ sort, order }: Order): string {
  return `${sort}-${order}`;
}
