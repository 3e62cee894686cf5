import { useSyncExternalStore } from 'react';

const KEY = 'single-key-shortcuts';
const OFF = 'off';
const CHANGE = 'shortcut-setting';

/** Whether single keys are shortcuts, and how to turn them on and off; this browser remembers it. */
export function useShortcutSetting(): readonly [on: boolean, set: (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, read, () => true), write];
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== OFF;
  } catch {
    // Storage can be forbidden; then the setting lasts as long as the page.
    return forPage;
  }
}

let forPage = true;

function write(on: boolean): void {
  forPage = on;
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, OFF);
  } catch {
    // As above.
  }
  dispatchEvent(new Event(CHANGE));
}

function subscribe(listener: () => void): () => void {
  addEventListener(CHANGE, listener);
  addEventListener('storage', listener);
  return () => {
    removeEventListener(CHANGE, listener);
    removeEventListener('storage', listener);
  };
}
