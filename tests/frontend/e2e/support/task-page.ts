import type { Locator, Page } from 'playwright-core';

/** The field for the title of a new task. */
export function newTask(page: Page): Locator {
  return page.getByRole('textbox', { name: 'New task' });
}

/** An option of the filter. Its accessible name contains the number of tasks. */
export function filterOption(page: Page, status: 'All' | 'Pending' | 'Completed'): Locator {
  return page.getByRole('radio', { name: new RegExp(`^${status}\\b`) });
}

/** Waits until the filter shows these counts. */
export async function expectCounts(page: Page, pending: number, completed: number): Promise<void> {
  const names = [`All ${pending + completed}`, `Pending ${pending}`, `Completed ${completed}`];
  for (const name of names) await page.getByRole('radio', { name, exact: true }).waitFor();
}

/** The form that edits a task. */
export function editForm(page: Page, title: string): Locator {
  return page.getByRole('form', { name: `Edit “${title}”` });
}

/** Opens the form of a task with its button, and waits until the version to edit has been fetched. */
export async function beginEdit(page: Page, title: string): Promise<Locator> {
  const read = page.waitForResponse(
    (response) =>
      response.request().method() === 'GET' && /\/api\/tasks\/[^/?]+$/.test(response.url()),
  );
  await page.getByRole('button', { name: `Edit “${title}”` }).click();
  await read;
  return editForm(page, title);
}

/** Undoes an action with the button in its notice. */
export async function undo(page: Page, action: string): Promise<void> {
  const notice = page.getByRole('dialog').filter({ hasText: action });
  await notice.getByRole('button', { name: 'Undo' }).click();
}
