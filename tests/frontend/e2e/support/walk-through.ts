import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { newUserDetails } from './person.ts';
import { signIn, signOut, signUp } from './sign-in.ts';
import { addTask, taskBox } from './task-list.ts';
import type { Visitor } from './visitor.ts';

/** Creates an account, adds tasks, completes one, and expects the tasks after a reload and after signing out and in. */
export async function walkThrough({ page, open }: Visitor): Promise<void> {
  const who = newUserDetails();
  await open('/sign-up');
  await signUp(page, who);
  await page.waitForURL(/\/tasks$/);
  await addTask(page, 'Buy milk');
  await addTask(page, 'Call Zoë');
  const saved = page.waitForResponse(
    (response) => response.url().endsWith('/complete') && response.ok(),
  );
  await taskBox(page, 'Buy milk').check();
  await saved;

  const expectTasks = async () => {
    await taskBox(page, 'Buy milk').waitFor();
    await eventually(() => taskBox(page, 'Buy milk').isChecked()).toBe(true);
    expect(await taskBox(page, 'Call Zoë').isChecked()).toBe(false);
  };
  await page.reload();
  await expectTasks();
  await signOut(page);
  await signIn(page, who);
  await page.waitForURL(/\/tasks$/);
  await expectTasks();
}
