import { describe, expect, test } from 'vitest';
import {
  canDiscard,
  parseItem,
  type UnsentTask,
} from '../../../../frontend/app/lib/tasks/unsent-item.ts';

test.each<[boolean, Partial<UnsentTask>]>([
  [true, { state: 'waiting' }],
  [true, { state: 'refused', triedAt: 1 }],
  // The service may have created the task.
  [false, { state: 'waiting', triedAt: 1 }],
  [false, { state: 'sending' }],
  [false, { state: 'sending', triedAt: 1 }],
])('%s: an unsent task can be discarded while it is %j', (can, how) => {
  const item = { id: 'new-1', idempotencyKey: '1', title: 'Buy milk', description: null };
  expect(canDiscard({ ...item, addedAt: 1, state: 'waiting', ...how })).toBe(can);
});

describe('a stored item', () => {
  const item = {
    id: 'new-1',
    idempotencyKey: '1',
    title: 'Buy milk',
    description: null,
    addedAt: 1,
    triedAt: 2,
    refusal: { title: 'The task cannot be saved', detail: 'The title cannot be empty.' },
  };

  test('is parsed', () => {
    expect(parseItem(JSON.stringify(item))).toEqual(item);
  });

  test.each([
    ['id', 1],
    ['idempotencyKey', null],
    ['title', undefined],
    ['description', 1],
    ['addedAt', '1'],
    ['triedAt', null],
    ['refusal', 'refused'],
    ['refusal', { title: 'Refused', detail: 1 }],
  ])('is ignored if %s is %j', (field, value) => {
    expect(parseItem(JSON.stringify({ ...item, [field]: value }))).toBeUndefined();
  });
});
