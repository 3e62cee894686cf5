import { Agent } from 'node:http';
import { Worker } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { haproxyPath, startHaproxy } from '../../support/haproxy.ts';
import { nginxPath, startNginx } from '../../support/nginx.ts';
import { tokenOf } from '../../support/tokens.ts';
import { loop, send, tally, type Sent } from './support/load.ts';
import { storeLargeTasks } from './support/large-tasks.ts';
import { progress, record } from './support/report.ts';
import { startReplicas } from './support/replicas.ts';
import { sizeOf } from './support/size.ts';

const REQUESTS = sizeOf('requests', { long: 10_000, short: 300 });
const RESTARTS = sizeOf('restarts', { long: 6, short: 1 });
const DELAY_SECONDS = sizeOf('delay', { long: 3, short: 1 });
const CLIENTS = 20;
/** A thread for each core that does nothing but compute. */
const BUSY = 'for (;;);';

describe.each([
  ['nginx', nginxPath, startNginx] as const,
  ['HAProxy', haproxyPath, startHaproxy] as const,
])('rolling restarts behind %s', (name, path, startProxy) => {
  test.runIf(path !== undefined)('lose no request', async ({ task }) => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const replicas = await startReplicas(2, {
      DATABASE_URL: database.url,
      SHUTDOWN_DELAY: String(DELAY_SECONDS),
    });
    onTestFinished(async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
    });
    const proxy = await startProxy(...replicas.map(({ url }) => url));
    onTestFinished(() => proxy.stop());
    const burner = new Worker(BUSY, { eval: true });
    onTestFinished(async () => {
      await burner.terminate();
    });

    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => {
      agent.destroy();
    });
    await storeLargeTasks(database.url, 'reader');
    const reader = await tokenOf('reader');
    const stopReading = new AbortController();
    const exports: Sent[] = [];
    const reading = loop(2, async () => {
      const sent = await send(`${proxy.url}/api/me/export?limit=1000`, {
        token: reader,
        agent,
        discard: true,
      });
      exports.push(sent);
      return !stopReading.signal.aborted;
    });

    const token = await tokenOf('alice');
    const url = `${proxy.url}/api/tasks`;
    const sent: Sent[] = [];
    let restarting = true;
    const restarts = (async () => {
      for (let count = 0; count < RESTARTS; count++) {
        progress(`${name}: restart ${count + 1} of ${RESTARTS}, ${tally(sent)}`);
        await replicas[count % 2]?.restart();
      }
      restarting = false;
    })();
    await loop(CLIENTS, async (index) => {
      const isWrite = (sent.length + index) % 2 === 0;
      const options = isWrite ? { method: 'POST', body: { title: 'sent once' } } : {};
      sent.push(await send(isWrite ? url : `${url}?limit=1`, { token, agent, ...options }));
      // As many requests as there have to be, and for as long as a process restarts.
      await sleep(CLIENTS * 4);
      return restarting || sent.length < REQUESTS;
    });
    await restarts;
    stopReading.abort();
    await reading;

    const failed = sent.filter(({ status }) => status !== 200 && status !== 201);
    record(task, {
      done: `${RESTARTS} restarts of two processes behind ${name}, under GET and POST, on a busy machine, while another user exports 5 MB in a loop`,
      promised: '0 requests fail',
      seen: `${failed.length} of ${sent.length} requests and ${exports.filter(({ status }) => status !== 200).length} of ${exports.length} exports failed`,
    });
    expect(tally(failed)).toBe('');
    expect(tally(exports.filter(({ status }) => status !== 200))).toBe('');
  }, 600_000);
});
