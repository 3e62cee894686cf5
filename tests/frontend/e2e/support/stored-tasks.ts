import type { Person } from './person.ts';

/** Gives somebody a few tasks by the service, the first the oldest. */
export async function giveTasks({ tasks }: Person, titles: readonly string[]): Promise<void> {
  for (const title of titles) await tasks.createTask({ body: { title } });
}

/** The titles that the service has for somebody, the newest first. */
export async function storedTitles({ tasks }: Person): Promise<string[]> {
  const titles: string[] = [];
  for await (const { title } of tasks.allTasks()) titles.push(title);
  return titles;
}
