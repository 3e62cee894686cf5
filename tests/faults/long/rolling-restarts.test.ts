import { Agent } from 'node:http';
import { Worker } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { haproxyPath, startHaproxy } from '../../support/haproxy.ts';
import { nginxPath, startNginx } from '../../support/nginx.ts';
import type { ReverseProxy } from '../../support/reverse-proxy.ts';
import { tokenOf } from '../../support/tokens.ts';
import { loop, send, tally, type Sent } from './support/load.ts';
import { insertUser } from './support/insert-user.ts';
import { progress, record } from './support/report.ts';
import { startReplica } from './support/replicas.ts';
import { isLong, sizeOf } from './support/size.ts';

const REQUESTS = sizeOf('requests', { long: 10_000, short: 100 });
const DELAY_SECONDS = isLong ? 3 : 1;
const CLIENTS = 20;
const PAUSE_MS = 20;
/** A thread that does nothing but compute. */
const BUSY = 'for (;;);';

const proxies: readonly Parameters<typeof testRestarts>[] = [
  ['nginx', nginxPath, (targets) => startNginx(targets)],
  ['nginx with keep-alive connections', nginxPath, (targets) => startNginx(targets, true)],
  ['HAProxy', haproxyPath, startHaproxy],
];

describe('rolling restarts lose no request', () => {
  for (const proxy of isLong ? proxies : proxies.slice(0, 1)) testRestarts(...proxy);
});

function testRestarts(
  name: string,
  path: string | undefined,
  startProxy: (targets: readonly string[]) => Promise<ReverseProxy>,
): void {
  const title = path === undefined ? `${name} (NOT TESTED: it is not installed)` : name;
  test.skipIf(path === undefined)(title, { timeout: 600_000 }, async ({ task }) => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const environment = {
      DATABASE_URL: database.url,
      SHUTDOWN_DELAY: String(DELAY_SECONDS),
    };
    const replicas = await Promise.all([startReplica(environment), startReplica(environment)]);
    onTestFinished(async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
    });
    const proxy = await startProxy(replicas.map(({ url }) => url));
    onTestFinished(() => proxy.stop());
    const burner = new Worker(BUSY, { eval: true });
    onTestFinished(async () => {
      await burner.terminate();
    });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => {
      agent.destroy();
    });

    await insertUser(database.url, 'reader', isLong ? 1000 : 100, 4000);
    const [reader, token] = await Promise.all(['reader', 'alice'].map((user) => tokenOf(user)));
    const sent: Sent[] = [];
    const exports: Sent[] = [];
    let restarts = 0;
    let isDone = false;
    const restarting = (async () => {
      do {
        await replicas[restarts % 2]?.restart();
        restarts++;
        progress(`${name}: ${restarts} restarts, ${sent.length} of ${REQUESTS} requests`);
      } while (sent.length < REQUESTS);
      isDone = true;
    })();
    const exporting = loop(isLong ? 2 : 1, async () => {
      const url = `${proxy.url}/api/me/export?limit=1000`;
      exports.push(await send(url, { token: reader ?? '', agent, discard: true }));
      return !isDone;
    });
    await loop(CLIENTS, async () => {
      const isWrite = Math.random() < 0.5;
      const url = `${proxy.url}/api/tasks${isWrite ? '' : '?limit=1'}`;
      const write = isWrite && { method: 'POST', body: { title: 'sent once' } };
      sent.push(await send(url, { token: token ?? '', agent, ...write }));
      await sleep(PAUSE_MS);
      return !isDone;
    });
    await Promise.all([restarting, exporting]);

    const failed = sent.filter(({ status }) => status !== 200 && status !== 201);
    const failedExports = exports.filter(({ status }) => status !== 200);
    record(task, {
      done: `${restarts} restarts of two processes behind ${name}, with GET and POST requests, on a busy machine, while another user repeatedly exports 5 MB`,
      promised: 'no failed request',
      seen: `${failed.length} of ${sent.length} requests and ${failedExports.length} of ${exports.length} exports failed`,
    });
    expect(tally([...failed, ...failedExports])).toBe('');
  });
}
