import type { Task, TaskCounts, TaskPage } from '@tasks-api/client';
import { changesAfter, type Change, type OptimisticChanges } from './optimistic-changes.ts';
import type { UnsentTask } from './unsent-item.ts';
import { includes, type View } from './view.ts';

/** A response body, and when it was requested, by the logical clock of the {@link OptimisticChanges}. */
export type Fetched<Body> = Body & { readonly requestedAt: number };

/** A row of the list. Its key stays the same from the moment the user adds the task. */
export type Row =
  | {
      readonly kind: 'task';
      readonly key: string;
      readonly task: Task;
      /** Whether a change of the task is pending. */
      readonly changing: boolean;
    }
  | { readonly kind: 'unsent'; readonly key: string; readonly item: UnsentTask };

interface Sources {
  readonly changes: readonly Change[];
  readonly unsent: readonly UnsentTask[];
}

/**
 * The rows of a list: the tasks of its pages with optimistic changes applied, each task once, where the
 * newest page has it. Added tasks that are not on a page yet come first. A task that no longer matches the view leaves the list when the service has
 * confirmed the change.
 */
export function rowsOf(
  pages: readonly Fetched<TaskPage>[],
  { changes, unsent }: Sources,
  view: View,
  keyOf: OptimisticChanges['keyOf'],
): readonly Row[] {
  const rows = new Map<string, Row>();
  const show = (task: Task, newer: readonly Change[]) => {
    const shown = newer.reduce<Task | undefined>(applyChange, task);
    const changing = newer.some(({ confirmedAt }) => confirmedAt === undefined);
    const belongs = shown && (changing || newer.length === 0 || includes(view, shown));
    if (belongs) rows.set(task.id, { kind: 'task', key: keyOf(task.id), task: shown, changing });
    else rows.delete(task.id);
  };

  const newerThanList = byTask(changesAfter(pages[0]?.requestedAt ?? 0, changes));
  const added = [...newerThanList.values()].filter(([first]) => first?.effect.kind === 'add');
  /** The newest page of each task. A page that is out of view can still have a task that has moved. */
  const newest = new Map<string, Fetched<TaskPage>>();
  for (const page of pages.toSorted((a, b) => a.requestedAt - b.requestedAt))
    for (const { id } of page.items) newest.set(id, page);
  for (const newer of added.toReversed()) {
    const [first] = newer;
    if (first && !newest.has(first.before.id)) show(first.before, newer);
  }
  for (const page of pages) {
    const newer = byTask(changesAfter(page.requestedAt, changes));
    for (const task of page.items)
      if (newest.get(task.id) === page) show(task, newer.get(task.id) ?? []);
  }
  const queued = includes(view, { completed: false }) ? unsent.toReversed() : [];
  return [...queued.map((item): Row => ({ kind: 'unsent', key: item.id, item })), ...rows.values()];
}

/** The counts with optimistic changes applied, including the queued tasks that will be sent. */
export function countsOf(
  { pending, completed, requestedAt }: Fetched<TaskCounts>,
  { changes, unsent }: Sources,
): TaskCounts {
  const counts = { pending, completed };
  const count = (task: Task | undefined, by: 1 | -1) => {
    if (task) counts[task.completed ? 'completed' : 'pending'] += by;
  };
  for (const newer of byTask(changesAfter(requestedAt, changes)).values()) {
    const [first] = newer;
    if (!first) continue;
    if (first.effect.kind !== 'add') count(first.before, -1);
    count(newer.reduce<Task | undefined>(applyChange, first.before), 1);
  }
  counts.pending += unsent.filter(({ state }) => state !== 'refused').length;
  return { pending: Math.max(0, counts.pending), completed: Math.max(0, counts.completed) };
}

/** The task after a change; undefined if it is deleted. */
function applyChange(task: Task | undefined, { effect }: Change): Task | undefined {
  if (!task || effect.kind === 'delete') return undefined;
  return effect.kind === 'set' ? { ...task, ...effect.fields } : task;
}

/** The changes grouped by task. `Map.groupBy` is not in all supported browsers yet. */
function byTask(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { id } = change.before;
    groups.set(id, [...(groups.get(id) ?? []), change]);
  }
  return groups;
}
