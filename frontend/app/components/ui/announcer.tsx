'use client';

import { createStore, useStore } from '../../lib/store.ts';

const announcement = createStore<{ readonly text: string; readonly slot: 0 | 1 }>({
  text: '',
  slot: 0,
});

/** Announces a change to screen readers. */
export function announce(text: string): void {
  announcement.set({ text, slot: announcement.get().slot === 0 ? 1 : 0 });
}

/** The live region for announcements. One per page. */
export function Announcer() {
  const { text, slot } = useStore(announcement);
  // Two alternating slots, so that the same text is announced again.
  return (
    <div className="sr-only" role="status">
      <p>{slot === 0 && text}</p>
      <p>{slot === 1 && text}</p>
    </div>
  );
}
