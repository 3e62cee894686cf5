import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const STATEMENTS = {
  exclusive: 'BEGIN EXCLUSIVE',
  shared: 'BEGIN; SELECT 1 FROM sqlite_schema',
};
const SQLITE_BUSY = 5;
const WAIT_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/** The locks of this process. A database without a reference is garbage collected, which releases its lock. */
const held = new Set<DatabaseSync>();

/**
 * Locks a file, which is created if needed: `exclusive` for one holder, or `shared` for any number of them.
 *
 * Node.js has no file locks, but its SQLite has. The operating system releases them when their process ends, even by `kill -9`.
 *
 * @returns a function that releases the lock; undefined if another holder prevents it
 * @throws {Error} if the file cannot be opened
 */
export function tryLock(file: string, mode: keyof typeof STATEMENTS): (() => void) | undefined {
  createPrivate(file);
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec(STATEMENTS[mode]);
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  held.add(database);
  return () => {
    if (held.delete(database)) database.close();
  };
}

/** Only its owner can open the file, because any user who can open it can lock it. */
function createPrivate(file: string): void {
  try {
    // Does not open an existing file: closing any descriptor of a file releases all locks that the process has on it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Runs `work` while it holds the exclusive lock of a file.
 *
 * @throws {Error} if the lock is not free within 60 seconds
 */
export async function withLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + WAIT_TIMEOUT_MS;
  let release: (() => void) | undefined;
  while (!(release = tryLock(file, 'exclusive'))) {
    if (Date.now() > deadline) throw new Error(`${file} is locked by another process`);
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    release();
  }
}
