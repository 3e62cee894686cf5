import type { Person } from './person.ts';

/** Creates tasks of a user by the service, the oldest one first. */
export async function giveTasks({ tasks }: Person, titles: readonly string[]): Promise<void> {
  for (const title of titles) await tasks.createTask({ body: { title } });
}

/** The titles of a user's tasks in the service, newest first. */
export async function storedTitles({ tasks }: Person): Promise<string[]> {
  const titles: string[] = [];
  for await (const { title } of tasks.allTasks()) titles.push(title);
  return titles;
}
