import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { devices, phone } from './support/devices.ts';
import { eventually } from './support/eventually.ts';
import { excessWidth } from './support/look.ts';
import { newPerson } from './support/person.ts';
import { seedTasks } from './support/seed-tasks.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { addTask, expectTitles, taskBox } from './support/task-list.ts';
import { beginEdit, expectCounts, filterOption, undo } from './support/task-page.ts';

const UNUSUAL = [
  'x'.repeat(200),
  'שלום עולם, לקנות חלב',
  '👩‍👩‍👧‍👦🎉 Party 🏳️‍🌈',
  '<img src=x onerror=alert(1)><b>bold</b>',
  '&lt;script&gt; {{7*7}} ${7*7} %3Cscript%3E',
  'e\u0301 and z\u0334a\u0335lgo',
];

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  test.each(devices)('each state of the page is accessible, on a $name', async (device) => {
    const person = await newPerson(stage.app);
    const { page, open, look } = await stage.visitor({ person, device });
    await open('/tasks');
    await page.getByText('No tasks yet').waitFor();
    await expectCounts(page, 0, 0);
    await look('10-no-tasks');
    await giveTasks(person, ['Water the plants', 'Call Zoë about the tickets', 'Buy milk']);
    await page.reload();
    await taskBox(page, 'Buy milk').check();
    await expectCounts(page, 2, 1);
    await look('11-tasks');
    await beginEdit(page, 'Call Zoë about the tickets');
    await look('12-edit');
    await page.keyboard.press('Escape');
    await filterOption(page, 'Completed').check();
    await taskBox(page, 'Buy milk').click();
    await page.getByText('No completed tasks').waitFor();
    await look('18-none-completed');
  });

  test.each(devices)('unusual text is shown as text, on a $name', async (device) => {
    const person = await newPerson(stage.app);
    const { page, open, look } = await stage.visitor({ person, device });
    await open('/tasks');
    for (const title of UNUSUAL) await addTask(page, title);
    await expectTitles(page, UNUSUAL.toReversed());
    expect(await storedTitles(person)).toEqual(UNUSUAL.toReversed());
    expect(await page.getByRole('main').locator('img, b, script').count()).toBe(0);
    const [, hebrew = ''] = UNUSUAL;
    expect(await page.getByText(hebrew, { exact: true }).first().evaluate(directionOf)).toBe('rtl');
    await look('19-odd-text');
  });

  test.each([
    { name: 'in a window of 320 pixels', width: 320, text: '100%' },
    { name: 'at a zoom of 200 %', width: 640, text: '100%' },
    { name: 'with text of twice the size', width: 1280, text: '200%' },
  ])('nothing scrolls horizontally $name', async ({ width, text }) => {
    const person = await newPerson(stage.app);
    await giveTasks(person, [...UNUSUAL, 'Buy milk']);
    const { page, open } = await stage.visitor({
      person,
      options: { viewport: { width, height: 700 } },
    });
    for (const path of ['/tasks', '/account']) {
      await open(path);
      await page.evaluate((size) => {
        document.documentElement.style.fontSize = size;
      }, text);
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (path === '/tasks') {
        await beginEdit(page, 'Buy milk');
        await taskBox(page, UNUSUAL[0] ?? '').focus();
        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
        expect(await excessWidth(page)).toBe(0);
        await page.keyboard.press('Escape');
      }
      expect(await excessWidth(page), path).toBe(0);
    }
  });

  test.each([
    { name: 'text of double size', change: doubleText },
    { name: 'wide text spacing', change: spaceText },
  ])('with $name on a phone, labels do not overlap', async ({ change }) => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Buy milk']);
    const { page, open } = await stage.visitor({ person, device: phone });
    await open('/tasks');
    await expectCounts(page, 1, 0);
    await page.evaluate(change);
    const cut = await page
      .getByRole('radio')
      .evaluateAll(
        (radios) =>
          radios.filter(
            ({ parentElement: label }) => label && label.scrollWidth > label.clientWidth,
          ).length,
      );
    expect(cut).toBe(0);
    expect(await excessWidth(page)).toBe(0);
  });

  test('rows are compact, and begin near the top on a phone; notices do not cover their controls', async () => {
    const person = await newPerson(stage.app);
    await seedTasks(
      stage.app,
      person,
      Array.from({ length: 20 }, (_, at) => `Task ${at + 1}`),
    );
    await giveTasks(person, ['word '.repeat(39), 'Later', 'Done']);
    const { page, open, look } = await stage.visitor({ person });
    await open('/tasks');
    await taskBox(page, 'Done').check();
    const rows = page.getByRole('listitem');
    const heightOf = async (text: string) =>
      (await rows.filter({ hasText: text }).first().boundingBox())?.height ?? NaN;
    expect(await heightOf('Done')).toBeLessThanOrEqual(56);
    const colourOf = (title: string) =>
      page.getByText(title, { exact: true }).evaluate((text) => getComputedStyle(text).color);
    await eventually(() => colourOf('Done')).toBe('rgb(88, 93, 104)');
    // Only the rows near the screen are in the document, and the order of the seeded tasks is random.
    expect(await colourOf('Later')).toBe('rgb(29, 31, 36)');
    await page.setViewportSize(phone.viewport);
    await eventually(async () => (await rows.first().boundingBox())?.y).toBeLessThanOrEqual(260);
    // Three lines of 24 px, and the space around them.
    await eventually(() => heightOf('word')).toBeLessThan(110);
    await look('20-compact');
    await page.setViewportSize(phone.viewport);
    await page.getByRole('button', { name: 'Delete “Done”' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    const covered = await rows
      .getByRole('button')
      .or(rows.getByRole('checkbox'))
      .evaluateAll((controls) =>
        controls
          .filter((control) => {
            const { x, y, width, height } = control.getBoundingClientRect();
            const top = document.elementFromPoint(x + width / 2, y + height / 2);
            return top && !control.parentElement?.contains(top);
          })
          .map((control) => control.outerHTML),
      );
    expect(covered).toEqual([]);
  });

  test('in forced colours, buttons have a border', async () => {
    const person = await newPerson(stage.app);
    const { page, open } = await stage.visitor({ person, options: { forcedColors: 'active' } });
    await open('/tasks');
    const border = await page
      .getByRole('button', { name: 'Add', exact: true })
      .evaluate((button) => {
        const { borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(button);
        return { borderTopWidth, isVisible: borderTopColor !== backgroundColor };
      });
    expect(border).toEqual({ borderTopWidth: '1px', isVisible: true });
  });

  test('without JavaScript, a message says that it is required', async () => {
    const person = await newPerson(stage.app);
    const { page, complaints, open } = await stage.visitor({
      person,
      options: { javaScriptEnabled: false },
    });
    // Without JavaScript, Chromium reports a policy violation for each script.
    complaints.allow(/^csp GET \/_next\/static\/.*\.js$/);
    await open('/tasks');
    await page.getByText(/needs JavaScript/).waitFor();
    // The placeholder of the list would never end.
    await page.getByText('Loading tasks').waitFor({ state: 'hidden' });
  });

  test('reduced motion turns animations off', async () => {
    const person = await newPerson(stage.app);
    const { page, open } = await stage.visitor({ person, options: { reducedMotion: 'reduce' } });
    await open('/tasks');
    await addTask(page, 'Buy milk');
    await page.getByRole('button', { name: 'Delete “Buy milk”' }).click();
    await undo(page, '“Buy milk” deleted');
    await taskBox(page, 'Buy milk').check();
    await eventually(() => page.evaluate(longestMotion)).toBeLessThan(20);
  });

  test('tasks are rendered once, with their times, and without a placeholder if they are cached', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Buy milk']);
    const { page, open } = await stage.visitor({ person });
    // An hour after they were added.
    await page.clock.setFixedTime(Date.now() + 3_600_000);
    await page.addInitScript(watchList);
    await open('/tasks');
    await expectTitles(page, ['Buy milk']);
    const [listed] = await page.getByRole('listitem').allInnerTexts();
    expect(listed).toContain('1 hour ago');
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByText(person.email).waitFor();
    await page.evaluate(() => {
      window.seen = [];
    });
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await expectTitles(page, ['Buy milk']);
    expect(await page.evaluate(() => window.seen)).not.toContain('Loading tasks');
    await page.reload();
    await expectTitles(page, ['Buy milk']);
    expect(await page.evaluate(() => window.seen)).not.toContain('just now');
  });

  test('screen readers announce that the tasks are loading', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Buy milk']);
    const { page, context, open } = await stage.visitor({ person });
    const gate = Promise.withResolvers<undefined>();
    await context.route('**/api/tasks?*', async (route) => {
      await gate.promise;
      await route.continue();
    });
    await open('/tasks');
    await page.getByText('Loading tasks').waitFor();
    gate.resolve(undefined);
    await expectTitles(page, ['Buy milk']);
    await page.getByText('Loading tasks').waitFor({ state: 'hidden' });
  });
});

declare global {
  interface Window {
    /** The messages about its tasks that the page has shown. */
    seen: string[];
  }
}

/** Records the messages of the list, including those that are shown only briefly. */
function watchList(): void {
  window.seen = [];
  new MutationObserver(() => {
    const text = document.querySelector('main')?.textContent ?? '';
    for (const message of ['Loading tasks', 'just now'])
      if (text.includes(message)) window.seen.push(message);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

function doubleText(): void {
  document.documentElement.style.fontSize = '200%';
}

/** The text spacing that must not cause a loss of content (WCAG 2.2, 1.4.12). */
function spaceText(): void {
  for (const { style } of document.querySelectorAll<HTMLElement>('body, body *')) {
    style.lineHeight = '1.5';
    style.letterSpacing = '0.12em';
    style.wordSpacing = '0.16em';
  }
}

const directionOf = (element: Element) => getComputedStyle(element).direction;

/** The duration of the longest transition or animation on the page, in milliseconds. */
function longestMotion(): number {
  const times = Array.from(document.querySelectorAll('*'), (element) => {
    const { transitionDuration, animationDuration } = getComputedStyle(element);
    return Math.max(
      ...`${transitionDuration}, ${animationDuration}`.split(', ').map((time) => {
        return parseFloat(time) * (time.endsWith('ms') ? 1 : 1000) || 0;
      }),
    );
  });
  return Math.max(...times);
}
