import type { Task, TaskPage } from '@tasks-api/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOptimisticChanges } from '../../../../frontend/app/lib/tasks/optimistic-changes.ts';
import { countsOf, rowsOf, type Fetched } from '../../../../frontend/app/lib/tasks/rows.ts';
import { DEFAULT_VIEW } from '../../../../frontend/app/lib/tasks/view.ts';
import { taskOf, titlesOf } from '../../support/tab.ts';

const taskNamed = (title: string, completed = false): Task => ({
  ...{ id: title, user_id: 'alice', title, description: null, completed },
  ...{ created_at: '2026-11-21T09:30:00Z', updated_at: '2026-11-21T09:30:00Z' },
});
const pageOf = (requestedAt: number, items: readonly Task[]): Fetched<TaskPage> => ({
  items: [...items],
  next_cursor: null,
  requestedAt,
});
const show = (log: ReturnType<typeof createOptimisticChanges>, ...pages: Fetched<TaskPage>[]) =>
  rowsOf(pages, { changes: log.get(), unsent: [] }, DEFAULT_VIEW, log.keyOf);

test('a task on two pages is shown once, at its first position with its newest values', () => {
  const log = createOptimisticChanges();
  const newer = { ...taskNamed('b'), description: 'newer' };
  const rows = show(
    log,
    pageOf(1, [taskNamed('a'), taskNamed('b')]),
    pageOf(2, [newer, taskNamed('c')]),
  );
  expect(titlesOf(rows)).toEqual(['a', 'b', 'c']);
  expect(taskOf(rows, 'b').description).toBe('newer');
});

test('a change applies to pages that were requested before it was confirmed, not to later ones', () => {
  const log = createOptimisticChanges();
  const task = taskNamed('a');
  const early = log.tick();
  const id = log.apply(task, { kind: 'set', fields: { completed: true } });
  const between = log.tick();
  log.confirm(id, { ...task, completed: true });
  const late = log.tick();
  const completed = (requestedAt: number) =>
    taskOf(show(log, pageOf(requestedAt, [task])), 'a').completed;
  expect([early, between, late].map(completed)).toEqual([true, true, false]);
  log.prune(between);
  expect(completed(early)).toBe(true);
  log.prune(late);
  expect(log.get()).toEqual([]);
});

test('an added task is at the top until a page contains it, and later changes apply to it', () => {
  const log = createOptimisticChanges();
  const requestedAt = log.tick();
  const added = taskNamed('new');
  log.confirm(log.apply(added, { kind: 'add', key: 'new-1' }));
  const old = taskNamed('old');
  const counts = { pending: 1, completed: 0, requestedAt };
  expect(countsOf(counts, { changes: log.get(), unsent: [] }).pending).toBe(2);
  expect(titlesOf(show(log, pageOf(requestedAt, [old])))).toEqual(['new', 'old']);
  const newest = log.apply(taskNamed('newest'), { kind: 'add', key: 'new-2' });
  expect(titlesOf(show(log, pageOf(requestedAt, [old])))).toEqual(['newest', 'new', 'old']);
  log.rollBack(newest);
  log.apply(added, { kind: 'set', fields: { completed: true } });
  expect(taskOf(show(log, pageOf(requestedAt, [old])), 'new').completed).toBe(true);
  // A page that was requested before the response arrived may contain it already.
  const rows = show(log, pageOf(requestedAt, [old, added]));
  expect(rows.map(({ key }) => key)).toEqual(['old', 'new-1']);
  expect(titlesOf(show(log, pageOf(log.tick(), [old])))).toEqual(['old']);
});

/** Changes of one task: the new value, and whether the service accepts it. */
const steps = fc.array(fc.record({ completed: fc.boolean(), succeeds: fc.boolean() }), {
  maxLength: 8,
});

test('counts are correct after any sequence of successes and rollbacks', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), (all, initially) => {
      const log = createOptimisticChanges();
      const task = taskNamed('a', initially);
      const requestedAt = log.tick();
      const ids = all.map(({ completed }) => {
        const before = taskOf(show(log, pageOf(requestedAt, [task])), 'a');
        return log.apply(before, { kind: 'set', fields: { completed } });
      });
      let stored = task;
      for (const [at, { completed, succeeds }] of all.entries()) {
        const id = ids[at] ?? 0;
        if (succeeds) stored = { ...stored, completed };
        if (succeeds) log.confirm(id, stored);
        else log.rollBack(id);
      }
      const counts = { pending: initially ? 4 : 5, completed: initially ? 3 : 2, requestedAt };
      const shown = countsOf(counts, { changes: log.get(), unsent: [] });
      expect(shown).toEqual(
        stored.completed ? { pending: 4, completed: 3 } : { pending: 5, completed: 2 },
      );
      expect(taskOf(show(log, pageOf(requestedAt, [task])), 'a')).toEqual(stored);
    }),
  );
});
