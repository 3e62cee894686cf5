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

/** The current titles of the rendered rows, from top to bottom. */
export function titlesOf(page: Page): Promise<string[]> {
  return titlesWithin(page, Infinity);
}

/** The current titles of the rows in view. A row that has had the focus is also rendered elsewhere. */
export function titlesInView(page: Page): Promise<string[]> {
  return titlesWithin(page, 0);
}

/** @param margin how far a row can be from the view, in pixels */
function titlesWithin(page: Page, margin: number): Promise<string[]> {
  return page.getByRole('checkbox').evaluateAll(
    (boxes, margin) =>
      boxes
        .filter((box) => {
          const { top, bottom } = box.getBoundingClientRect();
          return bottom > -margin && top < innerHeight + margin;
        })
        .map(
          (box) =>
            document.getElementById(box.getAttribute('aria-labelledby') ?? '')?.textContent ?? '',
        ),
    margin,
  );
}

/** Waits until the list has these titles, in this order. */
export async function expectTitles(page: Page, titles: readonly string[]): Promise<void> {
  await eventually(() => titlesOf(page)).toEqual(titles);
}
