import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually.ts';

/** Adds a task like a user: types the title and presses Enter. */
export async function addTask(page: Page, title: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'New task' });
  await field.fill(title);
  await field.press('Enter');
  await taskBox(page, title).waitFor();
}

/** The checkbox of a task, whose accessible name is the title. */
export function taskBox(page: Page, title: string): Locator {
  return page.getByRole('checkbox', { name: title, exact: true });
}

/** The current titles of the list, from top to bottom. */
export function titlesOf(page: Page): Promise<string[]> {
  return page
    .getByRole('checkbox')
    .evaluateAll((boxes) =>
      boxes.map(
        (box) =>
          document.getElementById(box.getAttribute('aria-labelledby') ?? '')?.textContent ?? '',
      ),
    );
}

/** Waits until the list has these titles, in this order. */
export async function expectTitles(page: Page, titles: readonly string[]): Promise<void> {
  await eventually(() => titlesOf(page)).toEqual(titles);
}
