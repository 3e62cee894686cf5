import { once } from 'node:events';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { run } from './run.ts';
import { isAlive } from './staging.ts';

const START_SECONDS = 60;
/** The service has 10 seconds to end; the server goes on by itself after that. */
const STOP_SECONDS = 7;
const FRESH_MS = 2000;
/** What PostgreSQL says when another server, or the file of one, is in the way, or another program has the port. */
const BEATEN =
  /(lock|PID) file ".*" (already exists|is empty)|could not create any TCP\/IP sockets/;

const pidFile = ({ directory }: Cluster) => join(directory, 'postmaster.pid');

/** The port of the server that runs on the cluster, or seems to, by PostgreSQL's own file. */
export async function serverPort(cluster: Cluster): Promise<number | undefined> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => '');
  const [pid, directory, , port] = text.split('\n');
  if (!isAlive(Number(pid)) || !port) return undefined;
  if (directory === cluster.directory) return Number(port);
  // Copied with the data: that server is another directory's.
  await rm(pidFile(cluster), { force: true });
  return undefined;
}

/**
 * Forgets a server that is none: after a crash of the machine its process id can be another program's.
 * Were it one after all, PostgreSQL's lock on its shared memory would keep a second one from starting.
 */
export async function forgetServer(cluster: Cluster): Promise<void> {
  const file = pidFile(cluster);
  const age = Date.now() - ((await stat(file).catch(() => undefined))?.mtimeMs ?? Date.now());
  // A young one is that of a server which another process is starting.
  if (age > FRESH_MS) await rm(file, { force: true });
}

/**
 * Starts a server in a session of its own, on a free port of the loopback interface, and waits until it is ready.
 *
 * @returns whether it was us: another process can be faster, at starting a server or at taking the port
 * @throws {Error} with PostgreSQL's reason
 */
export async function startServer({
  directory,
  logFile,
  binaries,
  account,
}: Cluster): Promise<boolean> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: await freePort(),
    unix_socket_directories: '',
    max_connections: 200,
    // What users write stays out of the log.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const log = await open(logFile, 'a', 0o600);
  const { size } = await log.stat();
  try {
    if (account) await log.chown(account.uid, account.gid);
    await run(
      binaries.pgCtl,
      ['start', '-D', directory, '-w', '-t', String(START_SECONDS), '-s', '-o', options.join(' ')],
      { account, output: log.fd },
    );
    return true;
  } catch (cause) {
    const lines = (await readFile(logFile)).subarray(size).toString();
    if (BEATEN.test(lines)) return false;
    const reason = /FATAL: .*/.exec(lines)?.[0] ?? 'no reason given';
    throw new Error(`PostgreSQL did not start: ${reason} (see ${logFile})`, { cause });
  } finally {
    await log.close();
  }
}

/** Stops the server; sessions that are open are ended, nothing committed is lost. */
export async function stopServer({ directory, binaries, account }: Cluster): Promise<void> {
  await run(
    binaries.pgCtl,
    ['stop', '-D', directory, '-m', 'fast', '-w', '-t', String(STOP_SECONDS), '-s'],
    { account },
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
