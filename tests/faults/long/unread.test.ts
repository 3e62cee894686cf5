import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { residentBytes } from '../../../bench/support/usage.ts';
import { descriptorLimit } from '../../../src/server/descriptor-limit.ts';
import { createTestDatabase } from '../../support/database.ts';
import { requestText } from '../../support/raw-socket.ts';
import { tokenOf } from '../../support/tokens.ts';
import { insertUser } from './support/insert-user.ts';
import { send } from './support/load.ts';
import { startReplica } from './support/replicas.ts';
import { record } from './support/report.ts';
import { isLong } from './support/size.ts';

const EXPORTS = isLong ? 192 : 12;
const CONNECTIONS = isLong ? 700 : 70;
const DESCRIPTORS = isLong ? 500 : 140;
const MB = 1024 * 1024;
/** 128 MB of responses that wait to be sent, and what the responses take while they are made. */
const MAX_GROWTH = 400 * MB;

async function start(descriptors: number) {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const service = await startReplica({ DATABASE_URL: database.url }, descriptors);
  onTestFinished(() => service.stop());
  const agent = new Agent({ keepAlive: false });
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return {
    service,
    databaseUrl: database.url,
    /** Opens a connection that never reads. */
    open: () => {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      sockets.push(socket.on('error', () => undefined));
      return socket;
    },
    get: (path: string, token: string) => send(service.url + path, { token, agent }),
  };
}

test('responses that nobody reads take a bounded amount of memory', async ({ task }) => {
  const { service, databaseUrl, open, get } = await start(Math.min(4096, descriptorLimit()));
  await insertUser(databaseUrl, 'loud', 1000, 4000);
  const [loud, quiet] = await Promise.all([tokenOf('loud'), tokenOf('quiet')]);
  await get('/api/me/export?limit=1000', loud);
  const before = residentBytes(service.pid());
  const request = requestText('GET /api/me/export?limit=1000 HTTP/1.1', {
    Authorization: `Bearer ${loud}`,
  });
  for (let count = 0; count < EXPORTS; count++) open().pause().write(request);
  let most = 0;
  for (let second = 0; second < (isLong ? 40 : 1); second++) {
    await sleep(1000);
    most = Math.max(most, residentBytes(service.pid()));
  }
  const other = await get('/api/tasks', quiet);
  record(task, {
    done: `${EXPORTS} exports of 5 MB whose responses the client does not read`,
    promised: `process memory grows by less than ${MAX_GROWTH / MB} MB; requests of another user succeed`,
    seen: `${mb(before)} → at most ${mb(most)} MB; list of another user: ${other.status}`,
  });
  expect(other.status).toBe(200);
  expect(most - before).toBeLessThan(MAX_GROWTH);
});

test('silent connections shut nobody out', async ({ task }) => {
  const { open, get } = await start(DESCRIPTORS);
  const silent = Array.from({ length: CONNECTIONS }, open);
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  const token = await tokenOf('alice');
  const responses = [];
  for (let count = 0; count < 20; count++) responses.push(await get('/api/tasks', token));
  const served = responses.filter(({ status }) => status === 200);
  record(task, {
    done: `${CONNECTIONS} idle connections to a process with a limit of ${DESCRIPTORS} open files`,
    promised: 'requests on new connections succeed',
    seen: `${served.length} of ${responses.length} requests served, the slowest in ${Math.round(Math.max(...responses.map(({ ms }) => ms)))} ms`,
  });
  expect(served).toHaveLength(responses.length);
});

const mb = (bytes: number) => Math.round(bytes / MB);
