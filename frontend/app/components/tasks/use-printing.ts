import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Whether the page is being printed, or shown as it will be. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const media = matchMedia('print');
    const listening = new AbortController();
    const set = (printing: boolean) => {
      // The browser prints what is in the document when the listener returns.
      flushSync(() => {
        setPrinting(printing);
      });
    };
    const { signal } = listening;
    addEventListener(
      'beforeprint',
      () => {
        set(true);
      },
      { signal },
    );
    addEventListener(
      'afterprint',
      () => {
        set(false);
      },
      { signal },
    );
    media.addEventListener(
      'change',
      ({ matches }) => {
        set(matches);
      },
      { signal },
    );
    return () => {
      listening.abort();
    };
  }, []);
  return isPrinting;
}
