import { expect, test } from 'vitest';
import { createTextStore } from '../../../../frontend/app/lib/tasks/text-store.ts';
import { BrowserProfile } from '../../support/browser-profile.ts';

test('a text that the storage accepts replaces one that it refused before', () => {
  const profile = new BrowserProfile();
  const store = createTextStore({ prefix: 'draft:', storage: profile.openTab().storage });
  profile.writeError = new DOMException('The storage is full', 'QuotaExceededError');
  expect(store.put('title', 'old')).toBe(false);
  expect(store.entries()).toEqual([['title', 'old']]);
  profile.writeError = undefined;
  expect(store.put('title', 'new')).toBe(true);
  expect(store.entries()).toEqual([['title', 'new']]);
});
