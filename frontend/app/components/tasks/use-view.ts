import { useSearchParams } from 'next/navigation';
import { useMemo, useSyncExternalStore } from 'react';
import { parseView, viewQuery, type View } from '../../lib/tasks/view.ts';

/** The view in the URL, and a function to change it. A change adds a history entry and does not request the page again. */
export function useView(): readonly [view: View, change: (changes: Partial<View>) => void] {
  const params = useSearchParams();
  // The router's parameters can be out of date, for example after going back twice after a reload.
  const query = useSyncExternalStore(
    subscribe,
    () => location.search,
    () => `?${params.toString()}`,
  );
  const view = useMemo(() => parseView(new URLSearchParams(query)), [query]);
  return [
    view,
    (changes) => {
      history.pushState(null, '', location.pathname + viewQuery({ ...view, ...changes }));
      for (const listener of listeners) listener();
      scrollTo({ top: 0 });
    },
  ];
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}
