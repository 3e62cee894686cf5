import { headers } from 'next/headers';
import { runningAuth } from '../auth/running.ts';
import { toDeviceSessions, type DeviceSession } from './sessions.ts';

/** Where the user who asks for the page is signed in, for the server. */
export async function sessionsOfUser(): Promise<DeviceSession[]> {
  const { api } = runningAuth();
  const asked = { headers: await headers() };
  const [sessions, asking] = await Promise.all([
    api.listSessions(asked),
    api.getSession({ ...asked, query: { disableRefresh: true } }),
  ]);
  return toDeviceSessions(sessions, asking?.session.id);
}
