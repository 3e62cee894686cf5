import { beforeEach } from 'vitest';
import { createTasksClient } from '@tasks-api/client';
import { useClientTimers } from './client-timers.ts';
import { useFaultyServer } from './faulty-server.ts';
import { useService } from './service.ts';
import { tokenOf } from './tokens.ts';
import { useServer } from './use-server.ts';

/** No test waits for that long. */
const TIMEOUT_MS = 60_000;

/**
 * One client that uses a faulty server, and one that uses the service directly, with a new user for each test. Delays between
 * attempts are skipped, and a request that hangs times out at once.
 */
export function useFaultyClient() {
  const timers = useClientTimers();
  const service = useService();
  const server = useFaultyServer(
    () => service.url,
    () => {
      timers.expire();
    },
  );
  const user = { id: '', token: '' };
  const client = (url: () => string) =>
    useServer(() => {
      const options = { baseUrl: url(), token: () => user.token, timeout: TIMEOUT_MS };
      return Promise.resolve({ ...createTasksClient(options), stop: () => Promise.resolve() });
    });
  const tasks = client(() => server.url);
  const straight = client(() => service.url);
  let users = 0;
  beforeEach(async () => {
    users += 1;
    user.id = `user-${users}`;
    user.token = await tokenOf(user.id);
    server.faults.length = 0;
    server.requests.length = 0;
  });
  return {
    timers,
    server,
    user,
    tasks,
    straight,
    /** The titles of all tasks of the user. */
    titles: async () => {
      const all = await Array.fromAsync(straight.allTasks());
      return all.map(({ title }) => title).toSorted();
    },
  };
}
