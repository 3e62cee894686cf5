import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { startTestService } from '../../support/service.ts';
import { tokenOf } from '../../support/tokens.ts';
import { insertUser } from './support/insert-user.ts';
import { createTally, loop, send, type Sent } from './support/load.ts';
import { progress, record } from './support/report.ts';
import { isLong, sizeOf } from './support/size.ts';

const REQUESTS = sizeOf('requests', { long: 100_000, short: 600 });
const CLIENTS = 30;
const USERS = 20;
const ABORTED = 0.05;
/** The database connections that can be open at the end and were not after the first tenth. */
const POOL_SIZE = 4;
const MB = 1024 * 1024;
/** How much more memory may be in use at the end than after the first tenth. */
const MAX_GROWTH = 10 * MB;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What this process, which has the service and the clients, holds when nothing is in progress. */
async function measure() {
  // Timers and sockets that are about to end.
  await sleep(isLong ? 3_000 : 300);
  collectGarbage();
  return { heap: process.memoryUsage().heapUsed, ...openResources() };
}

interface Resources {
  readonly sockets: number;
  readonly timers: number;
}

function openResources(): Resources {
  const resources = process.getActiveResourcesInfo();
  const count = (type: string) => resources.filter((resource) => resource === type).length;
  return { sockets: count('TCPSocketWrap'), timers: count('Timeout') };
}

test(
  'memory, sockets and timers do not grow with requests',
  { timeout: 900_000 },
  async ({ task }) => {
    const service = await startTestService({
      LOG_LEVEL: 'silent',
      DATABASE_POOL_SIZE: String(POOL_SIZE),
    });
    onTestFinished(() => service.stop());
    const users = Array.from({ length: USERS }, (_, index) => `user ${index}`);
    for (const user of users) await insertUser(service.databaseUrl, user, 100);
    const tokens = await Promise.all(users.map((user) => tokenOf(user)));

    // A list of all responses would grow.
    const counts = createTally();
    let done = 0;
    async function run(until: number): Promise<void> {
      const agent = new Agent({ keepAlive: true });
      await loop(CLIENTS, async () => {
        const token = tokens[Math.floor(Math.random() * USERS)] ?? '';
        const sent = await sendAny(token, agent);
        counts.add(sent);
        done++;
        service.log.length = 0;
        if (done % 10_000 === 0) progress(`${done} of ${REQUESTS} requests`);
        // Bounds the number of tasks.
        if (sent.status === 201) await remove(sent.text, token, agent);
        return done < until;
      });
      agent.destroy();
    }

    /** A request of a random kind; some are aborted. */
    function sendAny(token: string, agent: Agent): Promise<Sent> {
      const kinds = [
        { path: '/api/tasks' },
        { path: '/api/tasks?limit=100&sort=title' },
        { path: '/api/tasks', method: 'POST', body: { title: 'soaked' } },
        { path: '/api/tasks', method: 'POST', body: { title: '' } },
        { path: '/api/me/task-counts' },
        { path: '/api/me/export' },
        { path: '/api/nobody/tasks' },
        { path: '/api/me', token: 'invalid' },
        { path: '/readyz' },
      ];
      const { path, ...options } = kinds[Math.floor(Math.random() * kinds.length)] ?? { path: '/' };
      const signal =
        Math.random() < ABORTED ? AbortSignal.timeout(Math.ceil(Math.random() * 10)) : undefined;
      return send(service.url + path, { token, agent, signal, ...options });
    }

    const remove = (created: string, token: string, agent: Agent) => {
      const { id } = JSON.parse(created) as { id: string };
      return send(`${service.url}/api/tasks/${id}`, { token, agent, method: 'DELETE' });
    };

    await run(REQUESTS / 10);
    const before = await measure();
    await run(REQUESTS);
    const after = await measure();

    const growth = after.heap - before.heap;
    record(task, {
      done: `${done} mixed requests, ${ABORTED * 100} % of them aborted within 10 ms`,
      promised: `after the first tenth of the requests, the heap grows by less than ${MAX_GROWTH / MB} MB, and the number of timers and sockets does not grow, except for ${POOL_SIZE} sockets to the database; no 500`,
      seen: `heap ${mb(before.heap)} → ${mb(after.heap)} MB, sockets ${before.sockets} → ${after.sockets}, timers ${before.timers} → ${after.timers}; ${counts.toString()}`,
    });
    expect(counts.count('500')).toBe(0);
    // On a busy machine, the last ones end later. Polling by vitest would have timers of its own.
    let rest = openResources();
    for (let polls = 0; polls < 200 && isMore(rest, before); polls++) {
      await sleep(100);
      rest = openResources();
    }
    expect(isMore(rest, before), JSON.stringify({ rest, before })).toBe(false);
    // A short run compiles code and fills caches.
    if (isLong) expect(growth).toBeLessThan(MAX_GROWTH);
  },
);

const isMore = (now: Resources, before: Resources) =>
  now.sockets > before.sockets + POOL_SIZE || now.timers > before.timers;

const mb = (bytes: number) => Math.round(bytes / MB);
