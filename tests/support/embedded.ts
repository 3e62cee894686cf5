import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { onTestFinished } from 'vitest';
import { startEmbedded } from '../../src/embedded-postgres/start.ts';

/**
 * Creates a directory, which other users can enter if it is `open`. At the end of the test, it is removed, and the servers on
 * the data directories in it are killed.
 */
export async function newDirectory({ open = true } = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-embedded-'));
  onTestFinished(() => removeDirectory(directory));
  if (open) await chmod(directory, 0o755);
  return directory;
}

async function removeDirectory(directory: string): Promise<void> {
  for (const dataDir of [directory, join(directory, 'data')]) {
    const pid = await serverPid(dataDir);
    if (pid !== undefined && pid !== process.pid) process.kill(pid, 'SIGQUIT');
    const data = await realpath(join(dataDir, 'postgres')).catch(() => undefined);
    if (data) await rm(data, { recursive: true, maxRetries: 5 });
  }
  await rm(directory, { recursive: true, maxRetries: 5 });
}

/** Starts the embedded PostgreSQL in this process, and collects what it logs. */
export async function start(dataDir: string) {
  const messages: string[] = [];
  const server = await startEmbedded({ dataDir, log: (message) => messages.push(message) });
  return { ...server, messages };
}

/** Runs a statement on a separate connection, and returns its rows. */
export async function query<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The content of PostgreSQL's PID file; empty if there is none. */
export const pidFile = (dataDir: string) =>
  readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');

/** The process id of the server; undefined if it has stopped. */
export async function serverPid(dataDir: string): Promise<number | undefined> {
  return Number((await pidFile(dataDir)).split('\n')[0]) || undefined;
}

/**
 * Starts another process that uses the server, until the end of the test. Returns when it begins to create the database, or when
 * it uses the server.
 */
export async function startService(
  dataDir: string,
  until: 'creating' | 'ready',
): Promise<ChildProcess> {
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(import.meta.resolve('../../src/embedded-postgres/start.ts'))});
    await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: console.log });
    console.log('ready');
    setInterval(() => {}, 60_000);`;
  const service = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    service.kill('SIGKILL');
  });
  for await (const chunk of service.stdout) if (String(chunk).includes(until)) return service;
  throw new Error('the other process ended');
}

/** Kills a process, and waits until it has ended. */
export async function kill(service: ChildProcess): Promise<void> {
  const isRunning = service.kill('SIGKILL');
  if (isRunning) await once(service, 'exit');
}
