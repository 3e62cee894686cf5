import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { seedTasks } from './support/seed-tasks.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { taskBox, titlesOf } from './support/task-list.ts';

const titles = Array.from({ length: 500 }, (_, at) => `Task ${String(at + 1).padStart(3, '0')}`);

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  test('five hundred tasks are loaded page by page, without gaps or duplicates', async () => {
    const person = await newPerson(stage.app);
    await seedTasks(stage.app, person, titles);
    const { page, open } = await stage.visitor({ person });
    await open('/tasks');
    await page.getByRole('radio', { name: 'All 500', exact: true }).waitFor();
    await scrollToEnd(page, 500);
    expect(await titlesOf(page)).toEqual(await storedTitles(person));

    await page.getByRole('combobox', { name: 'Sort by' }).selectOption({ label: 'Title A to Z' });
    await taskBox(page, 'Task 001').waitFor();
    await scrollToEnd(page, 500);
    expect(await titlesOf(page)).toEqual(titles);
  });

  test('concurrent additions and deletions cause no gaps or duplicates among the other tasks', async () => {
    const person = await newPerson(stage.app);
    const stay = titles.slice(0, 150);
    await seedTasks(stage.app, person, stay);
    const { page, open } = await stage.visitor({ person });
    await open('/tasks?sort=title');
    await taskBox(page, 'Task 001').waitFor();
    const { items } = await person.tasks.listTasks({ query: { sort: 'title', order: 'asc' } });
    for (const { id } of items.slice(0, 10)) await person.tasks.deleteTask({ path: { id } });
    await giveTasks(person, ['Task 000', 'Task 075, part two', 'Zebra']);
    await eventually(async () => {
      await page.keyboard.press('End');
      return titlesOf(page);
    }).toEqual(expect.arrayContaining([...stay.slice(10), 'Task 075, part two', 'Zebra']));
    const seen = await titlesOf(page);
    expect(new Set(seen).size).toBe(seen.length);

    await page.reload();
    await taskBox(page, 'Task 000').waitFor();
    await scrollToEnd(page, 143);
    expect(await titlesOf(page)).toEqual([
      'Task 000',
      ...stay.slice(10, 75),
      'Task 075, part two',
      ...stay.slice(75),
      'Zebra',
    ]);
  });
});

/** Scrolls down until the list says that all tasks are shown. */
async function scrollToEnd(page: Page, count: number): Promise<void> {
  const rows = page.getByRole('checkbox');
  for (let shown = await rows.count(); shown < count; shown = await rows.count()) {
    await eventually(async () => {
      await page.keyboard.press('End');
      return rows.count();
    }).toBeGreaterThan(shown);
  }
  await page.getByText(`All ${count} tasks shown`).waitFor();
}
