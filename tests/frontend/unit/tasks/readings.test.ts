import { InfiniteQueryObserver } from '@tanstack/react-query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_VIEW } from '../../../../frontend/app/lib/tasks/view.ts';
import { startFaultyServer, type FaultyServer } from '../../../support/faulty-server.ts';
import { startTestService, type TestService } from '../../../support/service.ts';
import { openTab } from '../support/tab.ts';

let service: TestService;
let server: FaultyServer;

beforeAll(async () => {
  service = await startTestService();
  server = await startFaultyServer(service.url);
});
afterAll(async () => {
  await server.stop();
  await service.stop();
});

test('reading again waits for a next page, also for one that is asked for while it waits', async () => {
  const tab = openTab(server.url, 'alice');
  const { model, queryClient } = tab;
  for (let number = 0; number < 51; number++) {
    await model.client.createTask({ body: { title: `task ${number}` } });
  }
  const releaseCounts = tab.hold('/task-counts');
  const counting = tab.showCounts();
  await tab.show();
  server.requests.length = 0;
  const asked = [model.readings.again(), model.readings.again()];

  const releasePage = tab.hold('cursor=');
  const list = new InfiniteQueryObserver(queryClient, model.readings.list(DEFAULT_VIEW));
  const paging = list.fetchNextPage();
  releaseCounts();
  await counting;
  releasePage();
  const { data } = await paging;
  expect(data?.pages.map(({ items }) => items.length)).toEqual([50, 1]);

  await Promise.all(asked);
  const lists = server.requests.map(({ line }) => line).filter((line) => line.includes('?status='));
  // The next page, and both of them again; once, for both who asked.
  expect(lists).toHaveLength(3);
});
