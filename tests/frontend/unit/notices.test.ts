import { expect, test, vi } from 'vitest';
import { SessionEndedError } from '../../../frontend/app/lib/api/session-ended-error.ts';
import { noticeManager, notify, notifyFailure } from '../../../frontend/app/lib/notices.ts';

test('an error stays until it is closed, other notices close by themselves', () => {
  const add = vi.spyOn(noticeManager, 'add');
  notify({ title: 'The task could not be saved', tone: 'error' });
  notify({ title: 'Device signed out', tone: 'info' });
  notify({ title: 'Task deleted', tone: 'info', timeout: 10_000 });
  expect(add.mock.calls.map(([{ timeout }]) => timeout)).toEqual([0, 6_000, 10_000]);
});

test.each([
  [new Error('A mistake'), ['“Buy milk” could not be completed']],
  // The page is left.
  [new SessionEndedError(), []],
  [new TypeError('fetch failed', { cause: new SessionEndedError() }), []],
])('a change that fails with %s has the notices %j', (error, titles) => {
  const shown = vi.fn<typeof notify>();
  notifyFailure(shown, { title: 'Buy milk' }, 'completed', error, vi.fn());
  expect(shown.mock.calls.map(([{ title }]) => title)).toEqual(titles);
});
