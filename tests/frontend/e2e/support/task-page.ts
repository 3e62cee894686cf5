import type { Locator, Page } from 'playwright-core';

/** Where new tasks are written. */
export function newTask(page: Page): Locator {
  return page.getByRole('textbox', { name: 'New task' });
}

/** A choice of the filter; its name has the number of tasks. */
export function filterOption(page: Page, status: 'All' | 'Pending' | 'Completed'): Locator {
  return page.getByRole('radio', { name: new RegExp(`^${status}\\b`) });
}

/** Waits until the filter counts so many pending and completed tasks. */
export async function expectCounts(page: Page, pending: number, completed: number): Promise<void> {
  const names = [`All ${pending + completed}`, `Pending ${pending}`, `Completed ${completed}`];
  for (const name of names) await page.getByRole('radio', { name, exact: true }).waitFor();
}

/** The form that edits a task. */
export function editForm(page: Page, title: string): Locator {
  return page.getByRole('form', { name: `Edit “${title}”` });
}

/** Opens the form of a task by its button, and waits until the service has told the version that is edited. */
export async function beginEdit(page: Page, title: string): Promise<Locator> {
  const read = page.waitForResponse(
    (response) =>
      response.request().method() === 'GET' && /\/api\/tasks\/[^/?]+$/.test(response.url()),
  );
  await page.getByRole('button', { name: `Edit “${title}”` }).click();
  await read;
  return editForm(page, title);
}

/** Undoes an action by the button of its notice. */
export async function undo(page: Page, action: string): Promise<void> {
  const notice = page.getByRole('dialog').filter({ hasText: action });
  await notice.getByRole('button', { name: 'Undo' }).click();
}
