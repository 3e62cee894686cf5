import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { tokenOf } from '../../support/tokens.ts';
import { insertUser } from './support/insert-user.ts';
import { p99 } from './support/latency.ts';
import { loop, send, tally, type Sent } from './support/load.ts';
import { createRawClient } from './support/raw-client.ts';
import { startReplica } from './support/replicas.ts';
import { progress, record } from './support/report.ts';
import { isLong, sizeOf } from './support/size.ts';

const SECONDS = sizeOf('seconds', { long: 10, short: 1 });
/** Between two requests of the user who is measured. */
const PAUSE_MS = 20;
const PROMISED_MS = 1000;

const neighbours = [
  { name: 'alone', connections: 0, path: '' },
  {
    name: 'while another user has 20 connections with exports of 5 MB',
    connections: 20,
    path: '/api/me/export?limit=1000',
  },
  {
    name: 'while another user has 1,200 connections with small requests',
    connections: 1200,
    path: '/api/me',
  },
  {
    name: 'while another user has 50 connections with lists of 100',
    connections: 50,
    path: '/api/tasks?limit=100',
  },
] as const;

/** `make test` has no limits of time. */
const isKept = ({ latency, all }: { latency: number; all: readonly Sent[] }) =>
  all.every(({ status }) => status === 200) && (!isLong || latency < PROMISED_MS);

test('one user does not stop another', { timeout: 300_000 }, async ({ task }) => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const service = await startReplica({ DATABASE_URL: database.url });
  onTestFinished(() => service.stop());
  await insertUser(database.url, 'quiet', 20);
  await insertUser(database.url, 'loud', 1000, 4000);
  const [quiet = '', loud = ''] = await Promise.all(['quiet', 'loud'].map((user) => tokenOf(user)));
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => {
    agent.destroy();
  });
  const list = () => send(`${service.url}/api/tasks`, { token: quiet, agent });
  await list();

  const stopped: string[] = [];
  for (const { name, connections, path } of isLong ? neighbours : neighbours.slice(-1)) {
    const client = createRawClient(service.url);
    let isDone = false;
    const load = loop(connections, async () => {
      await client.get(path, loud);
      return !isDone;
    });
    await sleep(connections > 0 ? SECONDS * 100 : 0);
    const lists: Sent[] = [];
    const checks: Sent[] = [];
    const end = performance.now() + SECONDS * 1000;
    const measure = async (sent: Sent[], step: () => Promise<Sent>) => {
      while (performance.now() < end) {
        sent.push(await step());
        await sleep(PAUSE_MS);
      }
    };
    await Promise.all([
      measure(lists, list),
      measure(checks, () => send(`${service.url}/readyz`, { token: quiet, agent })),
    ]);
    isDone = true;
    await load;
    client.close();
    progress(`${name}: p99 ${Math.round(p99(lists))} ms`);
    const holds = isKept({ latency: p99(lists), all: [...lists, ...checks] });
    record(task, {
      done: `a user lists tasks ${name}`,
      promised: `p99 below ${PROMISED_MS} ms; no failed request; /readyz returns 200`,
      holds,
      seen: `p99 ${Math.round(p99(lists))} ms; ${tally(lists)}; /readyz ${tally(checks)}`,
    });
    if (!holds) stopped.push(name);
  }
  expect(stopped).toEqual([]);
});
