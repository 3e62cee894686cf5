import type { Task, TaskCounts, TaskPage } from '@tasks-api/client';
import { unseenBy, type Change, type ChangeLog } from './change-log.ts';
import type { UnsentTask } from './unsent-item.ts';
import { includes, type View } from './view.ts';

/** What the service said, and when it was asked, by the clock of the {@link ChangeLog}. */
export type Reading<Body> = Body & { readonly asked: number };

/** A line of the list. Its key stays the same from the moment that the task is added. */
export type Row =
  | {
      readonly kind: 'task';
      readonly key: string;
      readonly task: Task;
      /** Whether a change of it is under way. */
      readonly changing: boolean;
    }
  | { readonly kind: 'unsent'; readonly key: string; readonly item: UnsentTask };

interface Sources {
  readonly changes: readonly Change[];
  readonly unsent: readonly UnsentTask[];
}

/**
 * The rows of a list: its pages with the changes that they have not seen, each task once although pages shift, and on top
 * what was added and is on no page yet. A task that no longer belongs into the view leaves when the service has the change.
 */
export function rowsOf(
  pages: readonly Reading<TaskPage>[],
  { changes, unsent }: Sources,
  view: View,
  keyOf: ChangeLog['keyOf'],
): readonly Row[] {
  const rows = new Map<string, Row>();
  const show = (task: Task, unseen: readonly Change[]) => {
    const shown = unseen.reduce<Task | undefined>(after, task);
    const changing = unseen.some(({ settled }) => settled === undefined);
    const belongs = shown && (changing || unseen.length === 0 || includes(view, shown));
    if (belongs) rows.set(task.id, { kind: 'task', key: keyOf(task.id), task: shown, changing });
    else rows.delete(task.id);
  };

  const addedSince = byTask(unseenBy(pages[0]?.asked ?? 0, changes));
  const added = [...addedSince.values()].filter(([first]) => first?.effect.kind === 'add');
  const onPages = new Set(pages.flatMap(({ items }) => items.map(({ id }) => id)));
  for (const unseen of added.toReversed()) {
    const [first] = unseen;
    if (first && !onPages.has(first.before.id)) show(first.before, unseen);
  }
  for (const { items, asked } of pages) {
    const unseen = byTask(unseenBy(asked, changes));
    for (const task of items) show(task, unseen.get(task.id) ?? []);
  }
  const waiting = includes(view, { completed: false }) ? unsent.toReversed() : [];
  return [
    ...waiting.map((item): Row => ({ kind: 'unsent', key: item.id, item })),
    ...rows.values(),
  ];
}

/** The counts with the changes that they have not seen, and with what is about to be sent. */
export function countsOf(
  { pending, completed, asked }: Reading<TaskCounts>,
  { changes, unsent }: Sources,
): TaskCounts {
  const counts = { pending, completed };
  const count = (task: Task | undefined, by: 1 | -1) => {
    if (task) counts[task.completed ? 'completed' : 'pending'] += by;
  };
  for (const unseen of byTask(unseenBy(asked, changes)).values()) {
    const [first] = unseen;
    if (!first) continue;
    if (first.effect.kind !== 'add') count(first.before, -1);
    count(unseen.reduce<Task | undefined>(after, first.before), 1);
  }
  counts.pending += unsent.filter(({ state }) => state !== 'refused').length;
  return { pending: Math.max(0, counts.pending), completed: Math.max(0, counts.completed) };
}

/** A task after a change; undefined when it is gone. */
function after(task: Task | undefined, { effect }: Change): Task | undefined {
  if (!task || effect.kind === 'delete') return undefined;
  return effect.kind === 'set' ? { ...task, ...effect.fields } : task;
}

/** The changes of each task; `Map.groupBy` is too new for some browsers. */
function byTask(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { id } = change.before;
    groups.set(id, [...(groups.get(id) ?? []), change]);
  }
  return groups;
}
