import { expect, test } from 'vitest';
import { createUndo } from '../../../../frontend/app/components/tasks/use-undo.ts';

test('the last is undone first, each once, and what is too late is passed over', () => {
  const undone: string[] = [];
  const undo = createUndo();
  const offer = (name: string, inTime = true) => {
    undo.offer(() => {
      if (inTime) undone.push(name);
      return inTime;
    });
  };
  offer('first');
  offer('second', false);
  offer('third');

  expect(undo.last()).toBe(true);
  expect(undo.last()).toBe(true);
  expect(undo.last()).toBe(false);
  expect(undone).toEqual(['third', 'first']);
});
