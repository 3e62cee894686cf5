import { expect } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { Tab } from './tab.ts';

/** The tasks in the queue of a tab. */
export const unsentItems = ({ model }: Tab) => model.unsent.items.get();

/** The titles that the service stores, in the order in which they were created. */
export async function storedTitles({ model }: Tab): Promise<string[]> {
  const query = { order: 'asc' } as const;
  return (await model.client.listTasks({ query })).items.map(({ title }) => title);
}

/** Waits until no task is left that can be sent, for long enough on a machine under load. */
export const allSent = (tab: Tab) =>
  eventually(() => {
    expect(unsentItems(tab).filter(({ state }) => state !== 'refused')).toEqual([]);
    expect(tab.queryClient.isMutating() + tab.queryClient.isFetching()).toBe(0);
  });
