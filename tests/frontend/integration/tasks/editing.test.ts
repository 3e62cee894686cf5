import { QueryObserver } from '@tanstack/react-query';
import type { Task, Versioned } from '@tasks-api/client';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { saveEdit, takeTheirs } from '../../../../frontend/app/lib/tasks/editing.ts';
import { setCompleted } from '../../../../frontend/app/lib/tasks/use-changes.ts';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { openTab, taskOf, titlesOf, type Tab } from '../../support/tab.ts';
import { eventually } from '../../../support/eventually.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
let users = 0;
let tab: Tab;
/** The task as it was fetched when editing began. */
let seen: Versioned<Task>;

beforeEach(async () => {
  tab = openTab(server.url, `user-${++users}`);
  const { id } = await tab.model.client.createTask({ body: { title: 'Buy milk' } });
  seen = await tab.queryClient.query(tab.model.queries.forEdit(id));
  server.requests.length = 0;
});

/** A client that changes or deletes the task elsewhere. */
const elsewhere = () => openTab(service.url, tab.model.userId).model.client;
const rename = (title: string) => elsewhere().patchTask({ path: { id: seen.id }, body: { title } });
const settled = () =>
  eventually(() => {
    expect(tab.queryClient.isMutating() + tab.queryClient.isFetching()).toBe(0);
  });

test('an edit is visible at once, and sends the changed fields with If-Match', async () => {
  const list = await tab.show();
  const saving = saveEdit(tab.model, seen, { title: 'Buy milk', description: 'Two litres' });
  expect(taskOf(list(), 'Buy milk').description).toBe('Two litres');
  expect(await saving).toEqual({ kind: 'saved' });
  const patch = server.requests.find(({ line }) => line.startsWith('PATCH'));
  expect(patch?.headers['if-match']).toBe(seen.etag);
  expect(patch?.headers['content-length']).toBe(String('{"description":"Two litres"}'.length));
  await settled();
  expect(taskOf(list(), 'Buy milk').description).toBe('Two litres');
});

test('undoing an edit restores the text, also after another change of the task', async () => {
  const list = await tab.show();
  await saveEdit(tab.model, seen, { title: 'Buy oat milk', description: 'Two litres' });
  const path = { id: seen.id };
  await elsewhere().completeTask({ path, body: { completed: true } });
  tab.model.history.undoLast();
  await eventually(async () => {
    expect(await elsewhere().getTask({ path })).toMatchObject({
      ...{ title: 'Buy milk', description: null, completed: true },
    });
  });
  await settled();
  expect(titlesOf(list())).toEqual(['Buy milk']);
  expect(tab.notices.map(({ title }) => title)).toEqual(['Undone: “Buy oat milk” edited']);
});

test('the version for editing includes the pending changes of the page, which are no conflict', async () => {
  const release = tab.hold('/complete');
  const completed = setCompleted(tab.model, seen, true);
  const query = tab.model.queries.forEdit(seen.id);
  tab.queryClient.removeQueries(query);
  const version = tab.queryClient.query(query);
  release();
  expect(await version).toMatchObject({ title: 'Buy milk', completed: true });
  const mine = { title: 'Buy oat milk', description: null };
  expect(await saveEdit(tab.model, await version, mine)).toEqual({ kind: 'saved' });
  expect(await completed).toBe(true);
  await settled();
});

test('an edit can be undone while another change of the page is pending', async () => {
  await saveEdit(tab.model, seen, { title: 'Buy oat milk', description: null });
  const release = tab.hold('/complete');
  const completed = setCompleted(tab.model, seen, true);
  tab.model.history.undoLast();
  release();
  expect(await completed).toBe(true);
  await eventually(async () => {
    expect(await elsewhere().getTask({ path: { id: seen.id } })).toMatchObject({
      ...{ title: 'Buy milk', completed: true },
    });
  });
  await settled();
  expect(tab.notices.map(({ title }) => title)).toEqual(['Undone: “Buy oat milk” edited']);
});

test('undoing an edit does not overwrite a later one, and shows a notice', async () => {
  await saveEdit(tab.model, seen, { title: 'Buy oat milk', description: null });
  await rename('Buy rice milk');
  tab.model.history.undoLast();
  await eventually(() => {
    expect(tab.notices.map(({ title }) => title)).toContain(
      'The edit of “Buy oat milk” could not be undone',
    );
  });
  expect(await elsewhere().getTask({ path: { id: seen.id } })).toMatchObject({
    title: 'Buy rice milk',
  });
  await settled();
});

test('a completion elsewhere is a conflict: the edit was made without knowing of it', async () => {
  const theirs = await elsewhere().completeTask({ path: { id: seen.id } });
  const mine = { title: 'Buy oat milk', description: null };
  expect(await saveEdit(tab.model, seen, mine)).toMatchObject({
    ...{ kind: 'conflict', conflict: { mine, theirs } },
  });
  expect(await elsewhere().getTask({ path: { id: seen.id } })).toEqual(theirs);
  await settled();
});

test('an edit is saved if the entity tag was replaced on the way', async () => {
  const mine = { title: 'Buy oat milk', description: null };
  expect(await saveEdit(tab.model, { ...seen, etag: '"5f3a"' }, mine)).toEqual({ kind: 'saved' });
  expect(await elsewhere().getTask({ path: { id: seen.id } })).toMatchObject(mine);
  await settled();
});

test('a conflict ends if the entity tag was replaced on the way and the task has changed', async () => {
  const mine = { title: 'Buy oat milk', description: null };
  const theirs = await rename('Buy rice milk');
  const replaced = { etag: '"5f3a"' };
  const outcome = await saveEdit(tab.model, { ...seen, ...replaced }, mine);
  expect(outcome).toMatchObject({ kind: 'conflict', conflict: { mine, theirs } });
  if (outcome.kind !== 'conflict') return;
  expect(await saveEdit(tab.model, { ...outcome.conflict.theirs, ...replaced }, mine)).toEqual({
    kind: 'saved',
  });
  await settled();
});

test('an edit without a change sends no request', async () => {
  const same = { title: seen.title, description: seen.description };
  expect(await saveEdit(tab.model, seen, same)).toEqual({ kind: 'saved' });
  expect(server.requests).toEqual([]);
});

test('a conflict has both versions, and the list shows the chosen one', async () => {
  const list = await tab.show();
  const mine = { title: 'Buy oat milk', description: null };
  const theirs = await rename('Buy rice milk');
  const outcome = await saveEdit(tab.model, seen, mine);
  expect(outcome).toEqual({ kind: 'conflict', conflict: { mine, theirs } });
  await settled();
  expect(titlesOf(list())).toEqual(['Buy rice milk']);
  if (outcome.kind !== 'conflict') return;

  // Keeping the own version can meet another concurrent change.
  const latest = await rename('Buy soy milk');
  const again = await saveEdit(tab.model, outcome.conflict.theirs, mine);
  expect(again).toEqual({ kind: 'conflict', conflict: { mine, theirs: latest } });
  if (again.kind !== 'conflict') return;
  expect(await saveEdit(tab.model, again.conflict.theirs, mine)).toEqual({ kind: 'saved' });
  await settled();
  expect(titlesOf(list())).toEqual(['Buy oat milk']);
});

test('the saved version is shown at once if it is chosen', async () => {
  const list = await tab.show();
  const theirs = await rename('Buy rice milk');
  expect(titlesOf(list())).toEqual(['Buy milk']);
  const mine = { title: 'Buy oat milk', description: null };
  takeTheirs(tab.model, { mine, theirs });
  expect(titlesOf(list())).toEqual(['Buy rice milk']);
  expect(list()[0]).toMatchObject({ kind: 'task', changing: false });
  expect(list()[0]).not.toHaveProperty('task.etag');
  await settled();
  expect(titlesOf(list())).toEqual(['Buy rice milk']);
});

test('an edit whose response was lost is not a conflict', async () => {
  server.faults.push('lose the response');
  const outcome = await saveEdit(tab.model, seen, { title: 'Buy oat milk', description: null });
  expect(outcome).toEqual({ kind: 'saved' });
  expect(server.requests.filter(({ line }) => line.startsWith('PATCH'))).toHaveLength(2);
});

test('a task that was deleted elsewhere is removed from the list', async () => {
  const list = await tab.show();
  await elsewhere().deleteTask({ path: { id: seen.id } });
  const mine = { title: 'Buy oat milk', description: 'Two litres' };
  const outcome = await saveEdit(tab.model, seen, mine);
  expect(outcome).toMatchObject({
    kind: 'deleted',
    message: { title: 'This task no longer exists' },
  });
  await settled();
  expect(titlesOf(list())).toEqual([]);
});

test('an edit that fails is rolled back, with a message', async () => {
  const list = await tab.show();
  const tooLong = { title: 'x'.repeat(201), description: null };
  expect(await saveEdit(tab.model, seen, tooLong)).toMatchObject({
    kind: 'failed',
    message: { fields: { title: 'The title can be up to 200 characters.' } },
  });
  expect(titlesOf(list())).toEqual(['Buy milk']);
  await settled();
  server.faults.push({ status: 500 });
  const outcome = await saveEdit(tab.model, seen, { title: 'Buy oat milk', description: null });
  expect(outcome).toMatchObject({ kind: 'failed', message: { action: 'retry' } });
  expect(titlesOf(list())).toEqual(['Buy milk']);
  expect(tab.notices).toEqual([]);
  await settled();
});

test('the version for editing is not refetched, so that a concurrent change is a conflict', async () => {
  const query = tab.model.queries.forEdit(seen.id);
  const form = new QueryObserver(tab.queryClient, query);
  onTestFinished(form.subscribe(() => undefined));
  await tab.queryClient.query(query);
  await rename('Buy rice milk');
  await tab.queryClient.invalidateQueries();
  expect(await tab.queryClient.query(query)).toEqual(seen);
  expect(form.getCurrentResult().data).toEqual(seen);
});
