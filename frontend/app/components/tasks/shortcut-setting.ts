import { useSyncExternalStore } from 'react';

const KEY = 'single-key-shortcuts';
const OFF = 'off';
const CHANGE = 'shortcut-setting';

/** Whether single-key shortcuts are on, and a function to change that. The setting is stored in `localStorage`. */
export function useShortcutSetting(): readonly [on: boolean, set: (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, read, () => true), write];
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== OFF;
  } catch {
    // The browser can block storage. Then the setting is kept in memory.
    return inMemory;
  }
}

let inMemory = true;

function write(on: boolean): void {
  inMemory = on;
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, OFF);
  } catch {
    // Kept in memory, as above.
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
