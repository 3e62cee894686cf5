import type { Person } from './person.ts';

const AT_ONCE = 20;

/** Gives somebody tasks by the service, the first the oldest; of a great many, neighbours may change places. */
export async function giveTasks(person: Person, titles: readonly string[]): Promise<void> {
  const inOrder = titles.length <= AT_ONCE;
  const step = inOrder ? 1 : AT_ONCE;
  for (let at = 0; at < titles.length; at += step) {
    const some = titles.slice(at, at + step);
    await Promise.all(some.map((title) => person.tasks.createTask({ body: { title } })));
  }
}

/** The titles that the service has for somebody, the newest first. */
export async function storedTitles({ tasks }: Person): Promise<string[]> {
  const titles: string[] = [];
  for await (const { title } of tasks.allTasks()) titles.push(title);
  return titles;
}
