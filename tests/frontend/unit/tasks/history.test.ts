import { beforeEach, expect, test } from 'vitest';
import type { Notice } from '../../../../frontend/app/lib/notices.ts';
import {
  createHistory,
  type History,
  type UndoableAction,
} from '../../../../frontend/app/lib/tasks/history.ts';

let history: History;
let notices: Notice[];
let undone: string[];
let isOffline: boolean;

beforeEach(() => {
  notices = [];
  undone = [];
  isOffline = false;
  history = createHistory({
    notify(notice) {
      notices.push(notice);
      return () => {
        notices = notices.filter((other) => other !== notice);
      };
    },
    isOffline: () => isOffline,
  });
});

const add = (
  text: string,
  { canUndo = true, ...options }: Partial<UndoableAction> & { readonly canUndo?: boolean } = {},
) =>
  history.add({
    text,
    undo() {
      if (canUndo) undone.push(text);
      return canUndo;
    },
    ...options,
  });
const titles = () => notices.map(({ title }) => title);

test('the newest action is undone first, each once, expired ones are skipped, and a notice says which', () => {
  add('first');
  add('second', { canUndo: false });
  add('third');
  for (const title of ['Undone: third', 'Undone: first', 'Nothing to undo']) {
    history.undoLast();
    expect(titles()).toEqual([title]);
  }
  expect(undone).toEqual(['third', 'first']);
});

test('an action that needs a connection is not undone while offline, nor is an older one in its place', () => {
  add('older');
  add('newer', { needsConnection: () => true });
  isOffline = true;
  history.undoLast();
  expect(titles()).toEqual(['Not undone while offline: newer']);
  expect(undone).toEqual([]);
  isOffline = false;
  history.undoLast();
  expect(undone).toEqual(['newer']);
  isOffline = true;
  history.undoLast();
  expect(undone).toEqual(['newer', 'older']);
});

test('an action can be undone with its notice or the key, but only once', () => {
  add('first', { notice: {} });
  const [{ action } = {}] = notices;
  expect(titles()).toEqual(['first']);
  action?.run();
  action?.run();
  expect(undone).toEqual(['first']);
  expect(titles()).toEqual(['Undone: first']);
  history.undoLast();
  expect(titles()).toEqual(['Nothing to undo']);
});

test('at most one notice is open, except those with an action on close', () => {
  add('deletion', { notice: { onClose: () => undefined } });
  add('first', { notice: {} });
  add('second', { notice: {} });
  expect(titles()).toEqual(['deletion', 'second']);
  add('third');
  expect(titles()).toEqual(['deletion']);
  for (const _ of ['third', 'second', 'first']) history.undoLast();
  expect(undone).toEqual(['third', 'second', 'first']);
});

test('an action can be undone after its notice has closed, and not after it has failed', () => {
  add('first', { notice: {} });
  const removeAction = add('second', { notice: {} });
  notices = [];
  removeAction();
  history.undoLast();
  expect(undone).toEqual(['first']);
});

test('an undone action can be redone with its notice', () => {
  add('first', { redo: () => undone.push('not undone') });
  history.undoLast();
  expect(notices).toMatchObject([{ title: 'Undone: first', action: { label: 'Redo' } }]);
  notices[0]?.action?.run();
  expect(undone).toEqual(['first', 'not undone']);
});
