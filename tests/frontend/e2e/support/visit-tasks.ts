import { newPerson } from './person.ts';
import type { Stage } from './stage.ts';
import { giveTasks } from './stored-tasks.ts';
import { expectTitles } from './task-list.ts';
import { expectCounts, newTask } from './task-page.ts';
import type { VisitorOptions } from './visitor.ts';

const NETWORK_ERROR = /^net::ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|FAILED|CONNECTION_\w+) /;

/** Opens the tasks page of a new user with tasks. Network errors are allowed. */
export async function visitTasks(
  stage: Stage,
  titles: readonly string[],
  options: VisitorOptions = {},
) {
  const person = await newPerson(stage.app);
  await giveTasks(person, titles);
  const visitor = await stage.visitor({ ...options, person });
  visitor.complaints.allow(NETWORK_ERROR);
  await visitor.open('/tasks');
  await visitor.page.getByRole('heading', { name: 'Your tasks' }).waitFor();
  await expectTitles(visitor.page, titles.toReversed());
  await expectCounts(visitor.page, titles.length, 0);
  const { page } = visitor;
  const add = async (title: string) => {
    await newTask(page).fill(title);
    await newTask(page).press('Enter');
  };
  const waiting = page.getByText('Waiting to be sent');
  return { person, ...visitor, add, waiting };
}
