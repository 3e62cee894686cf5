import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { devices } from './support/devices.ts';
import { eventually } from './support/eventually.ts';
import { newPerson, type Person } from './support/person.ts';
import { expectFocus } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { expectTitles, taskBox } from './support/task-list.ts';
import { beginEdit, editForm } from './support/task-page.ts';
import type { VisitorOptions } from './support/visitor.ts';

const PRECONDITION_FAILED = /^412 PATCH \/api\/tasks\//;

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  /** A user with two browsers who has begun to edit a task in the first one and saves it in the second one. */
  const editedTwice = async (visitor: VisitorOptions) => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Paint the door']);
    const here = await stage.visitor({ ...visitor, person });
    const there = await stage.visitor({ person });
    await Promise.all([here.open('/tasks'), there.open('/tasks')]);
    const form = await beginEdit(here.page, 'Paint the door');
    await save(await beginEdit(there.page, 'Paint the door'), 'Paint the door red');
    await eventually(() => storedTitles(person)).toEqual(['Paint the door red']);
    return { person, here, there, form };
  };

  /** A user who has begun to edit a task that has changed since. */
  const changedSince = async ({ completed = false } = {}) => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Paint the door']);
    await setCompleted(person, completed);
    const here = await stage.visitor({ person });
    await here.open('/tasks');
    const form = await beginEdit(here.page, 'Paint the door');
    await rename(person, 'Paint the door red');
    return { person, here, form };
  };

  test.each(devices)(
    'the conflict dialog shows both versions, and the user keeps their own, on a $name',
    async (device) => {
      const { person, here, there, form } = await editedTwice({ device });
      here.complaints.expect(PRECONDITION_FAILED);
      await save(form, 'Paint the door blue');
      const dialog = conflict(here.page);
      await dialog
        .getByRole('region', { name: 'Your version' })
        .getByText('Paint the door blue')
        .waitFor();
      await dialog
        .getByRole('region', { name: 'Saved version' })
        .getByText('Paint the door red')
        .waitFor();
      await here.look('13-conflict');
      expect(await storedTitles(person)).toEqual(['Paint the door red']);

      await dialog.getByRole('button', { name: 'Keep my version' }).click();
      await expectTitles(here.page, ['Paint the door blue']);
      expect(await storedTitles(person)).toEqual(['Paint the door blue']);
      await there.page.reload();
      await expectTitles(there.page, ['Paint the door blue']);
    },
  );

  test('using the saved version sends nothing', async () => {
    const { person, here, form } = await changedSince({ completed: true });
    here.complaints.expect(PRECONDITION_FAILED);
    await setCompleted(person, false);
    await save(form, 'Paint the door blue');
    await conflict(here.page).getByText('The task was also marked as pending.').waitFor();
    await conflict(here.page).getByRole('button', { name: 'Use saved version' }).click();
    await expectTitles(here.page, ['Paint the door red']);
    await expectFocus(taskBox(here.page, 'Paint the door red'));
    expect(await storedTitles(person)).toEqual(['Paint the door red']);
  });

  test('Esc returns to the form with what was entered', async () => {
    const { person, here, form } = await changedSince();
    here.complaints.expect(PRECONDITION_FAILED);
    await save(form, 'Paint the door blue');
    // The dialog gets the focus in the frame after it is shown. Until then, Esc would discard the form.
    await expectFocus(conflict(here.page).getByRole('button', { name: 'Keep my version' }));
    await here.page.keyboard.press('Escape');
    await conflict(here.page).waitFor({ state: 'hidden' });
    expect(await form.getByLabel('Title').inputValue()).toBe('Paint the door blue');
    expect(await storedTitles(person)).toEqual(['Paint the door red']);
  });

  test('a third version that is saved while the dialog is open is a new conflict', async () => {
    const { person, here, form } = await changedSince();
    here.complaints.expect(PRECONDITION_FAILED);
    await save(form, 'Paint the door blue');
    await conflict(here.page).waitFor();
    expect(await conflict(here.page).getByText('also marked as').count()).toBe(0);
    await rename(person, 'Paint the door green');
    await setCompleted(person, true);
    await conflict(here.page).getByRole('button', { name: 'Keep my version' }).click();
    await conflict(here.page).getByText('Paint the door green').waitFor();
    await conflict(here.page).getByText('The task was also marked as completed.').waitFor();
    await conflict(here.page).getByRole('button', { name: 'Keep my version' }).click();
    await expectTitles(here.page, ['Paint the door blue']);
    expect(await storedTitles(person)).toEqual(['Paint the door blue']);
  });

  test('an edit is saved if a proxy replaces the entity tags', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Paint the door']);
    const { page, open, complaints } = await stage.visitor({ person });
    complaints.expect(PRECONDITION_FAILED);
    await page.route('**/api/tasks/*', async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const response = await route.fetch();
      return route.fulfill({ response, headers: { ...response.headers(), etag: '"5f3a"' } });
    });
    await open('/tasks');
    await save(await beginEdit(page, 'Paint the door'), 'Paint the door blue');
    await expectTitles(page, ['Paint the door blue']);
    expect(await conflict(page).count()).toBe(0);
    expect(await storedTitles(person)).toEqual(['Paint the door blue']);
  });

  test('a concurrent completion is not a conflict and is kept', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Paint the door']);
    const { page, open, complaints } = await stage.visitor({ person });
    complaints.allow(PRECONDITION_FAILED);
    await open('/tasks');
    const form = await beginEdit(page, 'Paint the door');
    await setCompleted(person, true);
    await save(form, 'Paint the door blue');
    await expectTitles(page, ['Paint the door blue']);
    expect(await onlyTask(person)).toMatchObject({ title: 'Paint the door blue', completed: true });
  });

  test('an edit of a task that was deleted in the meantime can be added as a new task', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Paint the door']);
    const { page, open, complaints } = await stage.visitor({ person });
    complaints.expect(/^404 (PATCH|GET) \/api\/tasks\//);
    await open('/tasks');
    const form = await beginEdit(page, 'Paint the door');
    const { id } = await onlyTask(person);
    await person.tasks.deleteTask({ path: { id } });
    await save(form, 'Paint the door blue');
    await form.getByRole('alert').getByText('It was deleted elsewhere').waitFor();
    await form.getByRole('button', { name: 'Add as new task' }).click();
    await expectTitles(page, ['Paint the door blue']);
    await eventually(() => storedTitles(person)).toEqual(['Paint the door blue']);
    expect(await editForm(page, 'Paint the door').count()).toBe(0);
  });

  test('the dialog first focuses the button that keeps the edit, and returns the focus to the form', async () => {
    const { here, form } = await changedSince();
    here.complaints.expect(PRECONDITION_FAILED);
    await save(form, 'Paint the door blue');
    await expectFocus(conflict(here.page).getByRole('button', { name: 'Keep my version' }));
    await here.page.keyboard.press('Escape');
    await eventually(() => form.evaluate((it) => it.contains(document.activeElement))).toBe(true);
  });
});

const conflict = (page: Page) =>
  page.getByRole('dialog', { name: 'This task was changed elsewhere' });

async function save(form: Locator, title: string): Promise<void> {
  await form.getByLabel('Title').fill(title);
  await form.getByRole('button', { name: 'Save' }).click();
}

async function onlyTask({ tasks }: Person) {
  const [task] = (await tasks.listTasks()).items;
  if (!task) throw new Error('There is no task');
  return task;
}

async function setCompleted(person: Person, completed: boolean): Promise<void> {
  const { id } = await onlyTask(person);
  await person.tasks.completeTask({ path: { id }, body: { completed } });
}

async function rename(person: Person, title: string): Promise<void> {
  const { id } = await onlyTask(person);
  const { etag } = await person.tasks.getTask({ path: { id } });
  await person.tasks.patchTask({ path: { id }, body: { title }, ifMatch: etag });
}
