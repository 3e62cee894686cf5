import { QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueryClient } from '../../../../frontend/app/lib/tasks/query-client.ts';
import { createSavedResponses } from '../../../../frontend/app/lib/tasks/saved-responses.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a list that was left before it was saved is saved when it is shown again', async () => {
  const key = ['tasks', 'user'];
  const queryClient = createQueryClient();
  const events = new EventTarget();
  const values = {
    get: vi.fn().mockResolvedValue(undefined),
    set: vi.fn().mockResolvedValue(undefined),
    del: vi.fn().mockResolvedValue(undefined),
  };
  createSavedResponses({ userId: 'user', queryClient, key, values, events }).start();
  const list = new QueryObserver(queryClient, {
    queryKey: [...key, 'page'],
    queryFn: () => Promise.resolve({ items: [], requestedAt: 1 }),
  });

  const leave = list.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(10);
  leave();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(values.set).not.toHaveBeenCalled();

  list.subscribe(() => undefined);
  events.dispatchEvent(new Event('pagehide'));
  expect(values.set).toHaveBeenCalledOnce();
  events.dispatchEvent(new Event('pagehide'));
  expect(values.set).toHaveBeenCalledOnce();
});
