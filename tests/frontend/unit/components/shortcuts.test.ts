import { expect, test } from 'vitest';
import {
  commandOf,
  shortcuts,
  type Keystroke,
} from '../../../../frontend/app/components/tasks/shortcuts.ts';

const ANYWHERE = { onTask: false, singleKeys: true };
const ON_TASK = { onTask: true, singleKeys: true };

function keystrokeOf(key: string, rest: Partial<Keystroke> = {}): Keystroke {
  const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  return { key, ...none, repeat: false, isComposing: false, ...rest };
}

test('each key has one command', () => {
  const keys = shortcuts.flatMap(({ keys, taskKeys = [] }) => [...keys, ...taskKeys]);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  ['n', 'add'],
  ['N', 'add'],
  ['/', 'add'],
  ['2', 'show-pending'],
  ['x', undefined],
  ['Enter', undefined],
  ['Backspace', undefined],
  ['ArrowDown', undefined],
  ['q', undefined],
])('%s anywhere: %s', (key, command) => {
  expect(commandOf(keystrokeOf(key), ANYWHERE)).toBe(command);
});

test.each([
  ['x', 'complete'],
  ['Enter', 'edit'],
  ['Delete', 'delete'],
  ['ArrowDown', 'next'],
  ['n', 'add'],
])('%s on a task: %s', (key, command) => {
  expect(commandOf(keystrokeOf(key), ON_TASK)).toBe(command);
});

test('Shift allows other characters, but not the shortcut of the same letter', () => {
  expect(commandOf(keystrokeOf('?', { shiftKey: true }), ANYWHERE)).toBe('help');
  expect(commandOf(keystrokeOf('#', { shiftKey: true }), ON_TASK)).toBe('delete');
  expect(commandOf(keystrokeOf('N', { shiftKey: true }), ANYWHERE)).toBeUndefined();
  expect(commandOf(keystrokeOf('Enter', { shiftKey: true }), ON_TASK)).toBeUndefined();
});

test.each(['ctrlKey', 'metaKey', 'altKey'] as const)('not with %s', (modifier) => {
  expect(commandOf(keystrokeOf('n', { [modifier]: true }), ANYWHERE)).toBeUndefined();
  expect(commandOf(keystrokeOf('x', { [modifier]: true }), ON_TASK)).toBeUndefined();
});

test.each([
  ['z', 'undo'],
  ['p', 'print'],
])('Ctrl or ⌘ with %s: %s, also if single keys are turned off', (key, command) => {
  for (const modifier of ['ctrlKey', 'metaKey']) {
    const keystroke = keystrokeOf(key, { [modifier]: true });
    expect(commandOf(keystroke, { onTask: false, singleKeys: false })).toBe(command);
    expect(commandOf({ ...keystroke, shiftKey: true }, ANYWHERE)).toBeUndefined();
  }
  expect(commandOf(keystrokeOf(key), ANYWHERE)).toBeUndefined();
});

test('single keys can be turned off', () => {
  const off = { onTask: true, singleKeys: false };
  const keys = shortcuts.flatMap(({ keys, taskKeys = [] }) => [...keys, ...taskKeys]);
  expect(keys.map((key) => commandOf(keystrokeOf(key), off))).toEqual(keys.map(() => undefined));
});

test('only moving through the list repeats while a key is held down', () => {
  expect(commandOf(keystrokeOf('j', { repeat: true }), ANYWHERE)).toBe('next');
  expect(commandOf(keystrokeOf('Delete', { repeat: true }), ON_TASK)).toBeUndefined();
});

test('keys of an input method are ignored', () => {
  expect(commandOf(keystrokeOf('n', { isComposing: true }), ANYWHERE)).toBeUndefined();
});
