import { useEffect, useState } from 'react';
import { notify } from '../../lib/notices.ts';
import { useOfflineReason } from '../../lib/offline.ts';
import type { TaskList } from '../../lib/tasks/use-task-list.ts';

/**
 * A function that loads the rest of the list and then prints the page. If that fails, the page is printed as it is. Esc cancels it.
 *
 * @returns undefined if there is nothing to load, or no connection: then the browser can print by itself
 */
export function usePrintAll({
  hasMore,
  isFetching,
  error,
  loadMore,
  retry,
}: Omit<TaskList, 'tasks'>): (() => void) | undefined {
  const [isWanted, setWanted] = useState(false);
  const canLoad = useOfflineReason() === undefined && hasMore;
  useEffect(() => {
    if (!isWanted || isFetching) return;
    if (canLoad && error === null) {
      loadMore();
      return;
    }
    // While an effect runs, React cannot render the rows that are printed.
    const timer = setTimeout(() => {
      print();
      setWanted(false);
    });
    return () => {
      clearTimeout(timer);
    };
  });
  useEffect(() => {
    if (!isWanted) return;
    let isOver = false;
    const cancel = () => {
      if (!isOver) setWanted(false);
    };
    const closeNotice = notify({
      title: 'Loading all tasks to print…',
      tone: 'info',
      timeout: 0,
      action: { label: 'Cancel', run: cancel },
      onClose: cancel,
    });
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') cancel();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      // The notice may report its end later, when the next print is wanted.
      isOver = true;
      document.removeEventListener('keydown', onKeyDown);
      closeNotice();
    };
  }, [isWanted]);
  if (!isWanted && !canLoad) return undefined;
  return () => {
    if (isWanted) return;
    setWanted(true);
    if (error !== null) retry();
  };
}
