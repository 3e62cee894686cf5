import { QueryObserver } from '@tanstack/react-query';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createQueryClient } from '../../../../frontend/app/lib/tasks/query-client.ts';
import { createSavedResponses } from '../../../../frontend/app/lib/tasks/saved-responses.ts';

/** Saved responses of a user. `stored` was saved before. `saves` has what ends each save, in order. */
function savedResponses(stored?: object) {
  const key = ['tasks', 'user'];
  const lists = [...key, 'list'];
  const queryClient = createQueryClient();
  const events = new EventTarget();
  const saves: (() => void)[] = [];
  const values = {
    get: vi.fn().mockResolvedValue(stored),
    set: vi.fn(() => new Promise<void>((resolve) => saves.push(resolve))),
    del: vi.fn().mockResolvedValue(undefined),
  };
  const saved = createSavedResponses({ userId: 'user', queryClient, key, lists, values, events });
  onTestFinished(saved.start());
  onTestFinished(() => {
    queryClient.clear();
  });
  const observe = (name: string, options: { readonly enabled?: boolean } = {}) => {
    const observer = new QueryObserver(queryClient, {
      ...options,
      queryKey: [...key, name],
      queryFn: () => Promise.resolve({ name, requestedAt: 1 }),
    });
    return {
      show: () => observer.subscribe(() => undefined),
      response: () => observer.refetch(),
      data: () => observer.getCurrentResult().data,
    };
  };
  /** The names of the responses of each save. */
  const names = () =>
    values.set.mock.calls.map((call: unknown[]) => {
      const { responses } = call[1] as { responses: [unknown, { name: string }][] };
      return responses.map(([, { name }]) => name);
    });
  const leavePage = () => events.dispatchEvent(new Event('pagehide'));
  return { saved, saves, observe, names, leavePage };
}

test('a response is saved at once; those that arrive during a save are saved together after it', async () => {
  const { saves, observe, names, leavePage } = savedResponses();
  const list = observe('list');
  list.show();
  await list.response();
  expect(names()).toEqual([['list']]);

  const counts = observe('counts');
  counts.show();
  await counts.response();
  await list.response();
  expect(names()).toEqual([['list']]);
  saves[0]?.();
  await vi.waitFor(() => {
    expect(names()).toEqual([['list'], ['list', 'counts']]);
  });
  saves[1]?.();
  leavePage();
  expect(names()).toHaveLength(2);
});

test('when the page is left during a save, newer responses are saved without waiting for it', async () => {
  const { observe, names, leavePage } = savedResponses();
  const list = observe('list');
  list.show();
  await list.response();
  await list.response();
  expect(names()).toHaveLength(1);
  leavePage();
  expect(names()).toHaveLength(2);
  leavePage();
  expect(names()).toHaveLength(2);
});

test('a list that was left before it was saved is saved when the page is left while it is shown again', async () => {
  const { saves, observe, names, leavePage } = savedResponses();
  const list = observe('list');
  const leave = list.show();
  await list.response();
  await list.response();
  leave();
  saves[0]?.();
  await new Promise(setImmediate);
  leavePage();
  expect(names()).toHaveLength(1);

  list.show();
  leavePage();
  expect(names()).toHaveLength(2);
});

test('what arrives during a save is not saved after the end of the session', async () => {
  const { saved, saves, observe, names } = savedResponses();
  const list = observe('list');
  list.show();
  await list.response();
  await list.response();
  await saved.clear();
  saves[0]?.();
  await new Promise(setImmediate);
  expect(names()).toHaveLength(1);
});

test('what is restored is not saved again', async () => {
  const names = ['counts', 'list'];
  const { saved, observe, leavePage, ...test } = savedResponses({
    userId: 'user',
    responses: names.map((name) => [['tasks', 'user', name], { name, requestedAt: 1 }]),
  });
  const shown = names.map((name) => observe(name, { enabled: false }));
  for (const { show } of shown) show();
  await saved.restored();
  expect(shown.map(({ data }) => data())).toMatchObject([{ name: 'counts' }, { name: 'list' }]);
  leavePage();
  expect(test.names()).toEqual([]);
});

test('a page that shows only counts does not replace the saved list', async () => {
  const { observe, names, leavePage } = savedResponses();
  const counts = observe('counts');
  counts.show();
  await counts.response();
  leavePage();
  expect(names()).toEqual([]);
});
