import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { signOut } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { addTask, expectTitles, taskBox } from './support/task-list.ts';
import { beginEdit, editForm, expectCounts, filterOption, newTask } from './support/task-page.ts';

const TWO_HOURS_MS = 2 * 3_600_000;

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  /** A user with two tasks on the tasks page, after a change to the browser. */
  const atTasks = async (prepare: (context: BrowserContext, page: Page) => Promise<unknown>) => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['One', 'Two']);
    const visitor = await stage.visitor({ person });
    await prepare(visitor.context, visitor.page);
    await visitor.open('/tasks');
    await expectTitles(visitor.page, ['Two', 'One']);
    return { person, ...visitor };
  };

  test('in a browser without BroadcastChannel, the pages work', async () => {
    const { page } = await atTasks((context) =>
      context.addInitScript(() => {
        Reflect.deleteProperty(window, 'BroadcastChannel');
      }),
    );
    await workAtTasks(page);
    await signOut(page);
  });

  test('in a browser that blocks storage, the pages work', async () => {
    const { person, page } = await atTasks((context) => context.addInitScript(blockStorage));
    await newTask(page).fill('Three, not sent yet');
    await workAtTasks(page);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByText(person.email).waitFor();
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await expectCounts(page, 1, 1);
    await signOut(page);
  });

  test('a page that the browser translates works', async () => {
    const { person, page } = await atTasks(() => Promise.resolve());
    await page.evaluate(translate);
    await page.locator('font').first().waitFor({ state: 'attached' });
    await workAtTasks(page);
    await filterOption(page, 'Completed').check();
    await eventually(() => page.getByRole('checkbox').count()).toBe(1);
    await filterOption(page, 'All').check();
    await eventually(() => page.getByRole('checkbox').count()).toBe(2);
    await eventually(() => storedTitles(person)).toEqual(['Three', 'Two, changed']);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
  });

  test.each([
    ['ahead', TWO_HOURS_MS],
    ['behind', -TWO_HOURS_MS],
  ])('with a clock that is two hours %s, the pages work', async (_, offset) => {
    const { page, context } = await atTasks(async (_context, page) => {
      await page.clock.install({ time: Date.now() + offset });
    });
    const tokens: string[] = [];
    context.on('request', (request) => {
      if (request.url().endsWith('/api/auth/token')) tokens.push(request.url());
    });
    await workAtTasks(page);
    await page.reload();
    await expectCounts(page, 1, 1);
    expect(tokens.length).toBeLessThanOrEqual(1);
  });

  test('text that is composed with an input method is one task, with the composed title', async () => {
    const { person, page, context } = await atTasks(() => Promise.resolve());
    const input = await context.newCDPSession(page);
    await newTask(page).focus();
    for (const text of ['n', 'に', 'にほ', '日本'])
      await input.send('Input.imeSetComposition', { text, selectionStart: 2, selectionEnd: 2 });
    // The keys that choose a candidate belong to the input method.
    for (const key of ['Enter', 'Escape'])
      await newTask(page).dispatchEvent('keydown', { key, keyCode: 229, isComposing: true });
    expect(await newTask(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await input.send('Input.insertText', { text: '日本' });
    expect(await newTask(page).inputValue()).toBe('日本');
    await page.keyboard.press('Enter');
    await expectTitles(page, ['日本', 'Two', 'One']);
    expect(await storedTitles(person)).toEqual(['日本', 'Two', 'One']);
  });
});

/** Adds, completes, edits and deletes a task; of the tasks "Two" and "One", it leaves the first, and "Three". */
async function workAtTasks(page: Page): Promise<void> {
  await addTask(page, 'Three');
  await taskBox(page, 'Three').check();
  await expectCounts(page, 2, 1);
  await beginEdit(page, 'Two');
  await editForm(page, 'Two').getByLabel('Title').fill('Two, changed');
  await page.keyboard.press('Enter');
  await taskBox(page, 'Two, changed').waitFor();
  await page.getByRole('button', { name: 'Delete “One”' }).click();
  // The close button of a notice is hidden from screen readers until the notice has the focus or the pointer.
  const notice = page.getByRole('dialog', { name: '“One” deleted' });
  await notice.hover();
  await expectTitles(page, ['Three', 'Two, changed']);
  const deleted = page.waitForResponse(
    (response) => response.request().method() === 'DELETE' && response.ok(),
  );
  await notice.getByRole('button', { name: 'Close', includeHidden: true }).click();
  // The page shows the deletion before the response. A reload would cancel the request.
  await deleted;
  await expectCounts(page, 1, 1);
}

/** As browsers do whose user blocks the data of all sites. */
function blockStorage(): void {
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(window, name, {
      get() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      },
    });
}

/** Replaces text nodes by elements with other text, now and later, as Google Translate does. */
function translate(): void {
  const newFont = () => document.createElementNS('http://www.w3.org/1999/xhtml', 'font');
  const isText = (node: Node) =>
    node.nodeType === Node.TEXT_NODE &&
    node.textContent?.trim() !== '' &&
    !node.parentElement?.closest('font, head, script, style, textarea, [translate=no]');
  const replaceAll = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: Node[] = [];
    while (walker.nextNode()) if (isText(walker.currentNode)) found.push(walker.currentNode);
    for (const node of found) {
      const [outer, inner] = [newFont(), newFont()];
      inner.textContent = node.textContent;
      outer.append(inner);
      node.parentNode?.replaceChild(outer, node);
    }
  };
  replaceAll();
  new MutationObserver(replaceAll).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
  });
}
