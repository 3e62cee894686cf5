import { expect, test } from 'vitest';
import { canDiscard, type UnsentTask } from '../../../../frontend/app/lib/tasks/unsent-item.ts';

test.each<[boolean, Partial<UnsentTask>]>([
  [true, { state: 'waiting' }],
  [true, { state: 'refused', triedAt: 1 }],
  // The service may have made the task.
  [false, { state: 'waiting', triedAt: 1 }],
  [false, { state: 'sending' }],
  [false, { state: 'sending', triedAt: 1 }],
])('%s: an addition can be discarded while it is %j', (can, how) => {
  const item = { id: 'new-1', idempotencyKey: '1', title: 'Buy milk', description: null };
  expect(canDiscard({ ...item, addedAt: 1, state: 'waiting', ...how })).toBe(can);
});
