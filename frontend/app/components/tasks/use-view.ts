import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { parseView, viewQuery, type View } from '../../lib/tasks/view.ts';

/** The view that the address says, and how to go to another one: the back button comes back, and no server is asked. */
export function useView(): readonly [view: View, change: (changes: Partial<View>) => void] {
  const params = useSearchParams();
  const view = useMemo(() => parseView(params), [params]);
  return [
    view,
    (changes) => {
      history.pushState(null, '', location.pathname + viewQuery({ ...view, ...changes }));
      scrollTo({ top: 0 });
    },
  ];
}
