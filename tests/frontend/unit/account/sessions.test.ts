import { expect, test } from 'vitest';
import { toDeviceSessions } from '../../../../frontend/app/lib/account/sessions.ts';

const session = (id: string, day: number, userAgent: string | null = null) => ({
  ...{ id, userAgent, token: `token of ${id}` },
  createdAt: new Date(Date.UTC(2026, 9, day)),
  updatedAt: new Date(Date.UTC(2026, 10, day)),
});

test('lists the current session first, then the most recently used ones', () => {
  const sessions = [session('old', 1), session('current', 2), session('new', 3)];
  const shown = toDeviceSessions(sessions, 'current');
  expect(shown.map(({ id }) => id)).toEqual(['current', 'new', 'old']);
  expect(shown.map(({ current }) => current)).toEqual([true, false, false]);
});

test('includes the token that ends a session and the user agent of the device', () => {
  expect(toDeviceSessions([session('one', 1, 'curl/8.5.0')], undefined)).toEqual([
    {
      id: 'one',
      current: false,
      token: 'token of one',
      userAgent: 'curl/8.5.0',
      signedIn: '2026-10-01T00:00:00.000Z',
      lastActive: '2026-11-01T00:00:00.000Z',
    },
  ]);
});
