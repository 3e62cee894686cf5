import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A new path in `parent`, for something that is renamed when it is complete. It names the process that works on it. */
export function stagingPath(parent: string): string {
  return join(parent, `postgres.new-${process.pid}-${randomUUID()}`);
}

/** Removes what processes that were killed have left half-made in `parent`. */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^postgres\.new-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Their children may still be writing; then the next start removes it.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether a process of this id runs and is within our rights; someone else's never is a server of ours. */
export function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Takes the error of a rename to, or a creation of, something that exists already for success. */
export function unlessExists(error: unknown): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EEXIST' && code !== 'ENOTEMPTY') throw error;
}
