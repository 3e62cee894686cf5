import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { insertUser } from './support/insert-user.ts';
import { p99 } from './support/latency.ts';
import { loop, tally, type Sent } from './support/load.ts';
import { createRawClient } from './support/raw-client.ts';
import { startReplica } from './support/replicas.ts';
import { progress, record } from './support/report.ts';
import { isLong, sizeOf } from './support/size.ts';
import { tokenOf } from '../../support/tokens.ts';

const SECONDS = sizeOf('seconds', { long: 10, short: 1 });
const USERS = 50;
const TICK_MS = 10;

// The clients share the CPU of the service. The smaller the tasks, the more of it their requests and the rejections need.
test.for([100, 1000])(
  'above its capacity, the service serves what it can, with tasks of %i bytes',
  { timeout: 300_000 },
  async (bytes, { task }) => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const service = await startReplica({ DATABASE_URL: database.url });
    onTestFinished(() => service.stop());
    const client = createRawClient(service.url);
    onTestFinished(() => {
      client.close();
    });
    const users = Array.from({ length: USERS }, (_, index) => `user ${index}`);
    for (const user of users) await insertUser(database.url, user, 100, bytes);
    const tokens = await Promise.all(users.map((user) => tokenOf(user)));
    const list = (index: number) => client.get('/api/tasks?limit=100', tokens[index % USERS] ?? '');
    const isSuccess = ({ status }: Sent) => status === 200;

    /** Each client sends its next request when it has a response. */
    async function measureCapacity(seconds: number): Promise<number> {
      const end = performance.now() + seconds * 1000;
      let count = 0;
      await loop(USERS, async (index) => {
        if (isSuccess(await list(index))) count++;
        return performance.now() < end;
      });
      return count / seconds;
    }

    await measureCapacity(SECONDS / 2);
    const before = await measureCapacity(SECONDS / 2);
    progress(`capacity: ${Math.round(before)} requests per second`);

    const sent: Promise<Sent>[] = [];
    const checks: Sent[] = [];
    const start = performance.now();
    const elapsed = () => performance.now() - start;
    const checking = loop(1, async () => {
      checks.push(await client.get('/readyz', ''));
      await sleep(100);
      return elapsed() < SECONDS * 1000;
    });
    // Clients that do not wait for each other.
    let count = 0;
    const listAndCount = async (index: number) => {
      const response = await list(index);
      if (isSuccess(response)) count++;
      return response;
    };
    while (elapsed() < SECONDS * 1000) {
      const due = (elapsed() / 1000) * before * 3;
      while (sent.length < due) sent.push(listAndCount(sent.length));
      await sleep(TICK_MS);
    }
    const served = count;
    const seconds = elapsed() / 1000;
    const all = await Promise.all(sent);
    await checking;
    // Other programs on the machine change the capacity.
    const capacity = (before + (await measureCapacity(SECONDS / 2))) / 2;

    const successes = all.filter(isSuccess);
    const share = served / seconds / capacity;
    const latency = p99(successes);
    record(task, {
      done: `lists of 100 tasks of ${bytes} bytes at three times the capacity (${Math.round(capacity)} requests/s) for ${SECONDS} s`,
      promised:
        'throughput of at least 80 % of the capacity; 99 % of the served requests within 1 s; /readyz returns 200',
      seen: `${Math.round(share * 100)} % of the capacity served, p99 ${Math.round(latency)} ms; ${tally(all)}; /readyz ${tally(checks)}`,
    });
    for (const { status } of all) expect([200, 503]).toContain(status);
    expect(successes.length).toBeGreaterThan(0);
    if (!isLong) return;
    expect(share).toBeGreaterThan(0.8);
    expect(latency).toBeLessThan(1000);
    expect(tally(checks.filter((check) => !isSuccess(check)))).toBe('');
  },
);
