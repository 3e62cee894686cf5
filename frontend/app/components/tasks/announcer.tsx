'use client';

import { createStore, useStore } from '../../lib/store.ts';

const said = createStore<{ readonly text: string; readonly turn: 0 | 1 }>({ text: '', turn: 0 });

/** Says to screen readers what others see happen. */
export function announce(text: string): void {
  said.set({ text, turn: said.get().turn === 0 ? 1 : 0 });
}

/** The place that screen readers listen to; one a page. */
export function Announcer() {
  const { text, turn } = useStore(said);
  // Two in turn, so that the same words are said twice.
  return (
    <div className="sr-only" role="status">
      <p>{turn === 0 && text}</p>
      <p>{turn === 1 && text}</p>
    </div>
  );
}
