import { expect, test } from 'vitest';
import { createUndoStack } from '../../../../frontend/app/components/tasks/undo-stack.ts';

test('the last action is undone first, each once, and expired ones are skipped', () => {
  const undone: string[] = [];
  const stack = createUndoStack();
  const push = (name: string, inTime = true) => {
    stack.push(() => {
      if (inTime) undone.push(name);
      return inTime;
    });
  };
  push('first');
  push('second', false);
  push('third');

  expect(stack.undoLast()).toBe(true);
  expect(stack.undoLast()).toBe(true);
  expect(stack.undoLast()).toBe(false);
  expect(undone).toEqual(['third', 'first']);
});
