import { expect, test } from 'vitest';
import { toDeviceSessions } from '../../../../frontend/app/lib/account/sessions.ts';

const session = (id: string, day: number, userAgent: string | null = null) => ({
  ...{ id, userAgent, token: `token of ${id}` },
  updatedAt: new Date(Date.UTC(2026, 10, day)),
});

test('puts the session that asks first, then the last used ones', () => {
  const sessions = [session('old', 1), session('asking', 2), session('new', 3)];
  const shown = toDeviceSessions(sessions, 'asking');
  expect(shown.map(({ id }) => id)).toEqual(['asking', 'new', 'old']);
  expect(shown.map(({ current }) => current)).toEqual([true, false, false]);
});

test('keeps what ends a session and what tells the device', () => {
  expect(toDeviceSessions([session('one', 1, 'curl/8.5.0')], undefined)).toEqual([
    {
      id: 'one',
      current: false,
      token: 'token of one',
      userAgent: 'curl/8.5.0',
      lastActive: '2026-11-01T00:00:00.000Z',
    },
  ]);
});
