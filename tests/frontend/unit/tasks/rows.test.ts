import type { Task, TaskPage } from '@tasks-api/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChangeLog } from '../../../../frontend/app/lib/tasks/change-log.ts';
import { countsOf, rowsOf, type Reading } from '../../../../frontend/app/lib/tasks/rows.ts';
import { DEFAULT_VIEW } from '../../../../frontend/app/lib/tasks/view.ts';
import { taskOf, titlesOf } from '../../support/tab.ts';

const taskNamed = (title: string, completed = false): Task => ({
  ...{ id: title, user_id: 'alice', title, description: null, completed },
  ...{ created_at: '2026-11-21T09:30:00Z', updated_at: '2026-11-21T09:30:00Z' },
});
const pageOf = (asked: number, items: readonly Task[]): Reading<TaskPage> => ({
  items: [...items],
  next_cursor: null,
  asked,
});
const show = (log: ReturnType<typeof createChangeLog>, ...pages: Reading<TaskPage>[]) =>
  rowsOf(pages, { changes: log.get(), unsent: [] }, DEFAULT_VIEW, log.keyOf);

test('a task that is on two pages is shown once, where it was first and as it was last', () => {
  const log = createChangeLog();
  const newer = { ...taskNamed('b'), description: 'newer' };
  const rows = show(
    log,
    pageOf(1, [taskNamed('a'), taskNamed('b')]),
    pageOf(2, [newer, taskNamed('c')]),
  );
  expect(titlesOf(rows)).toEqual(['a', 'b', 'c']);
  expect(taskOf(rows, 'b').description).toBe('newer');
});

test('a change is upon pages that were asked for before it was done, and not upon later ones', () => {
  const log = createChangeLog();
  const task = taskNamed('a');
  const early = log.tick();
  const number = log.begin(task, { kind: 'set', fields: { completed: true } });
  const meanwhile = log.tick();
  log.settle(number, { ...task, completed: true });
  const late = log.tick();
  const completed = (asked: number) => taskOf(show(log, pageOf(asked, [task])), 'a').completed;
  expect([early, meanwhile, late].map(completed)).toEqual([true, true, false]);
  log.prune(meanwhile);
  expect(completed(early)).toBe(true);
  log.prune(late);
  expect(log.get()).toEqual([]);
});

test('an addition is on top until a page has it, and later changes are upon it', () => {
  const log = createChangeLog();
  const asked = log.tick();
  const added = taskNamed('new');
  log.settle(log.begin(added, { kind: 'add', key: 'new-1' }));
  const old = taskNamed('old');
  const counts = { pending: 1, completed: 0, asked };
  expect(countsOf(counts, { changes: log.get(), unsent: [] }).pending).toBe(2);
  expect(titlesOf(show(log, pageOf(asked, [old])))).toEqual(['new', 'old']);
  const newest = log.begin(taskNamed('newest'), { kind: 'add', key: 'new-2' });
  expect(titlesOf(show(log, pageOf(asked, [old])))).toEqual(['newest', 'new', 'old']);
  log.withdraw(newest);
  log.begin(added, { kind: 'set', fields: { completed: true } });
  expect(taskOf(show(log, pageOf(asked, [old])), 'new').completed).toBe(true);
  // The page may have been asked for before the reply came, and have it already.
  const rows = show(log, pageOf(asked, [old, added]));
  expect(rows.map(({ key }) => key)).toEqual(['old', 'new-1']);
  expect(titlesOf(show(log, pageOf(log.tick(), [old])))).toEqual(['old']);
});

/** Steps of changes of one task: what it becomes, and whether the service does it. */
const steps = fc.array(fc.record({ completed: fc.boolean(), works: fc.boolean() }), {
  maxLength: 8,
});

test('counts are right whatever fails in between', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), (all, initially) => {
      const log = createChangeLog();
      const task = taskNamed('a', initially);
      const asked = log.tick();
      const numbers = all.map(({ completed }) => {
        const before = taskOf(show(log, pageOf(asked, [task])), 'a');
        return log.begin(before, { kind: 'set', fields: { completed } });
      });
      let stored = task;
      for (const [at, { completed, works }] of all.entries()) {
        const number = numbers[at] ?? 0;
        if (works) stored = { ...stored, completed };
        if (works) log.settle(number, stored);
        else log.withdraw(number);
      }
      const counts = { pending: initially ? 4 : 5, completed: initially ? 3 : 2, asked };
      const shown = countsOf(counts, { changes: log.get(), unsent: [] });
      expect(shown).toEqual(
        stored.completed ? { pending: 4, completed: 3 } : { pending: 5, completed: 2 },
      );
      expect(taskOf(show(log, pageOf(asked, [task])), 'a')).toEqual(stored);
    }),
  );
});
