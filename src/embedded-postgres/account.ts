import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../errors/config-error.ts';
import { run } from './run.ts';

/** A user and a group of this machine. */
export interface Account {
  uid: number;
  gid: number;
}

const UNPRIVILEGED_USERS = ['postgres', '_postgres', 'nobody'];

/**
 * The account that PostgreSQL runs as, because it refuses to run as root: the owner of the data, or an unprivileged user.
 *
 * @param data the status of the data directory `path`, if it exists
 * @returns undefined for the account of this process
 * @throws {ConfigError} if this process cannot use the data, or there is no unprivileged user
 */
export async function serverAccount(
  path: string,
  data: Stats | undefined,
): Promise<Account | undefined> {
  const uid = process.getuid?.();
  if (uid !== 0) {
    if (!data || data.uid === uid) return undefined;
    throw new ConfigError(`DATA_DIR: ${path} belongs to another user; choose another directory`);
  }
  if (data?.uid === 0) {
    throw new ConfigError(
      `DATA_DIR: ${path} belongs to root, but PostgreSQL does not run as root; change its owner with chown -R`,
    );
  }
  return data ? { uid: data.uid, gid: data.gid } : unprivilegedAccount();
}

async function unprivilegedAccount(): Promise<Account> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of UNPRIVILEGED_USERS) {
    const user = users.find(([login]) => login === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new ConfigError(
    `DATABASE_URL: set it, or start as an ordinary user: PostgreSQL does not run as root, and none of the users ${UNPRIVILEGED_USERS.join(', ')} exists`,
  );
}

/** Whether the account can enter a directory. Tested by trying, because modes, groups and access control lists all count. */
export async function canEnter(directory: string, account: Account): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd "$0"', directory], { account }).then(
    () => true,
    () => false,
  );
}
