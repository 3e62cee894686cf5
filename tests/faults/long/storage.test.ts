import { spawnSync } from 'node:child_process';
import { Agent } from 'node:http';
import { chmod, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startProxy } from '../../support/proxy.ts';
import { startTemporaryPostgres } from '../../support/temporary-postgres.ts';
import { tokenOf } from '../../support/tokens.ts';
import { type Audit, createLedger } from './support/ledger.ts';
import { send } from './support/load.ts';
import { startPrimaryAndStandby } from './support/primary-and-standby.ts';
import { startReplica } from './support/replicas.ts';
import { record } from './support/report.ts';
import { isLong } from './support/size.ts';

const HOLD_MS = isLong ? 5_000 : 300;
/** Of the file system that becomes full: more than the 60 MB of an empty server. */
const DISK_MB = 128;
const WRITES_BEFORE = 100;
const WRITES_AFTER = 100;

async function startService(databaseUrl: string) {
  const service = await startReplica({ DATABASE_URL: databaseUrl });
  onTestFinished(() => service.stop());
  const agent = new Agent();
  const token = await tokenOf('alice');
  return {
    url: service.url,
    readiness: async () => (await send(`${service.url}/readyz`, { token, agent })).status,
  };
}

/** Writes before, while and after something happens. */
async function writeDuring(
  name: string,
  serviceUrl: string,
  databaseUrl: () => string,
  happen: () => Promise<void>,
): Promise<Audit> {
  const ledger = createLedger(name, await tokenOf('alice'));
  let enough = Infinity;
  const filling = ledger.fill(serviceUrl, () => ledger.done() < enough);
  while (ledger.done() < WRITES_BEFORE) await sleep(10);
  await happen();
  enough = ledger.done() + WRITES_AFTER;
  await filling;
  return ledger.audit(databaseUrl());
}

const summaryOf = ({ writes, lost, duplicated, errors }: Audit) =>
  `${lost} lost, ${duplicated} duplicated of ${writes} writes; ${errors} error responses`;

test('a standby that is promoted has all acknowledged writes', async ({ task }) => {
  const servers = await startPrimaryAndStandby();
  onTestFinished(() => servers.stop());
  const proxy = await startProxy(servers.primaryUrl);
  onTestFinished(() => proxy.down());
  const { url, readiness } = await startService(proxy.url);

  const seen: number[] = [];
  const audit = await writeDuring(
    'promotion',
    url,
    () => servers.standbyUrl,
    async () => {
      seen.push(await readiness());
      await servers.killPrimary();
      proxy.redirect(servers.standbyUrl);
      await sleep(HOLD_MS);
      seen.push(await readiness());
      await servers.promote();
      await vi.waitFor(async () => {
        expect(await readiness()).toBe(200);
      }, 30_000);
      seen.push(await readiness());
    },
  );
  record(task, {
    done: `kill -9 of a primary with a synchronous standby; connections then reach the standby, which is promoted ${HOLD_MS / 1000} s later`,
    promised:
      '0 lost, 0 duplicated; /readyz returns 503 while the database is read-only, then 200 without a restart of the service',
    seen: `${summaryOf(audit)}; /readyz ${seen.join(', ')}`,
  });
  expect(audit).toMatchObject({ lost: 0, duplicated: 0 });
  expect(seen).toEqual([200, 503, 200]);
});

const directory = isLong ? await mountDisk() : undefined;
const diskTitle = directory
  ? 'a disk that is full loses nothing'
  : 'a full disk (NOT TESTED: it takes make faults, and root to mount a small file system)';

test.skipIf(!directory)(diskTitle, async ({ task }) => {
  const disk = directory ?? '';
  onTestFinished(async () => {
    spawnSync('umount', [disk]);
    await rm(disk, { recursive: true });
  });
  const server = await startTemporaryPostgres(disk);
  onTestFinished(() => server.stop());
  const { url, readiness } = await startService(server.url);

  const ballast = join(disk, 'ballast');
  const audit = await writeDuring(
    'full disk',
    url,
    () => server.url,
    async () => {
      const { bavail, bsize } = await statfs(disk);
      await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => undefined);
      await sleep(HOLD_MS);
      await rm(ballast);
      await vi.waitFor(async () => {
        expect(await readiness()).toBe(200);
      }, 60_000);
    },
  );
  record(task, {
    done: `PostgreSQL disk full for ${HOLD_MS / 1000} s`,
    promised: '0 lost, 0 duplicated, recovery without a restart of the service',
    seen: summaryOf(audit),
  });
  expect(audit).toMatchObject({ lost: 0, duplicated: 0 });
  expect(audit.errors).toBeGreaterThan(0);
});

/** Mounts a small file system; undefined if that is not permitted. */
async function mountDisk(): Promise<string | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'tasks-api-disk-'));
  const options = ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=755`, 'tmpfs', path];
  if (spawnSync('mount', options).status !== 0) return undefined;
  await chmod(path, 0o755);
  return path;
}
