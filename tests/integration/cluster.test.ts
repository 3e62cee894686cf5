import { existsSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestDatabase } from '../support/database.ts';
import { runProcess, startProcess } from '../support/process.ts';
import { isRedisInstalled } from '../support/redis.ts';
import { SECRET, tokenOf } from '../support/tokens.ts';

const isInstalled = isRedisInstalled && existsSync('/usr/sbin/haproxy');
const name = isInstalled
  ? 'make cluster'
  : 'make cluster (NOT TESTED: needs HAProxy and Redis; on Debian: apt-get install haproxy redis-server)';

describe.skipIf(!isInstalled)(name, () => {
  test('starts replicas behind one port, which count requests together, and stops all', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const cluster = await startProcess(
      { replicas: '2', DATABASE_URL: database.url, BETTER_AUTH_SECRET: SECRET },
      'ops/cluster.ts',
    );
    const ports = [...cluster.output().matchAll(/service on port (\d+) … \d/g)].map(([, n]) => n);
    expect(ports).toHaveLength(2);
    const [url = ''] = /http:\/\/localhost:\d+(?=\/api\/tasks)/.exec(cluster.output()) ?? [];
    const client = createClient(url, await tokenOf('alice'));
    const { body: task } = await client.request<{ id: string }>('POST', '/api/tasks', {
      body: { title: 'stored once' },
    });
    const remaining = new Set<string | null>();
    for (let count = 0; count < 4; count++) {
      const response = await client.get(`/api/tasks/${task.id}`);
      expect(response.status).toBe(200);
      remaining.add(response.headers.get('RateLimit')?.split(';')[1] ?? null);
    }
    expect([...remaining]).toEqual(['r=1198', 'r=1197', 'r=1196', 'r=1195']);
    expect(await cluster.end('SIGINT')).toBe(0);
    for (const port of [new URL(url).port, ...ports])
      await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed');
  });
});

test.concurrent.each([
  ['ops/cluster.ts', { replicas: '0' }, 'replicas=0: must be an integer from 1 to 20\n'],
  [
    'ops/cluster-upgrade.ts',
    { requests: 'many' },
    'requests=many: must be an integer from 100 to 1000000\n',
  ],
  [
    'ops/cluster-upgrade.ts',
    { from: 'nowhere' },
    'from: this repository does not contain the commit; fetch it, or set another one: make cluster-upgrade from=…\n',
  ],
])('%s refuses %o', async (script, environment, message) => {
  const { code, stderr } = await runProcess(script, environment);
  expect({ code, stderr }).toEqual({ code: 1, stderr: message });
});
