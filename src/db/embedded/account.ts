import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../../errors/config-error.ts';
import { run } from './run.ts';

/** A user and a group of this machine. */
export interface Account {
  uid: number;
  gid: number;
}

/** Where root keeps what has to be within reach of an unprivileged account. */
export const SHARED_DIR = '/var/lib/tasks-api';

const UNPRIVILEGED = ['postgres', '_postgres', 'nobody'];

/**
 * The account that the server runs as, since PostgreSQL refuses to run as root: the owner of the data, where there is data.
 *
 * @param data the data directory's status, where there is one
 * @returns nothing when that is ourselves
 * @throws {ConfigError} when the data belongs to someone we cannot be
 */
export async function serverAccount(
  directory: string,
  data: Stats | undefined,
): Promise<Account | undefined> {
  const ourselves = process.getuid?.();
  if (ourselves === 0) {
    if (!data) return unprivilegedAccount();
    if (data.uid !== 0) return { uid: data.uid, gid: data.gid };
    throw new ConfigError(
      `DATA_DIR: ${directory} belongs to root, as whom PostgreSQL refuses to run; give it to another user`,
    );
  }
  if (data && ourselves !== undefined && data.uid !== ourselves) {
    throw new ConfigError(
      `DATA_DIR: ${directory} belongs to another user; choose another directory`,
    );
  }
  return undefined;
}

async function unprivilegedAccount(): Promise<Account> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of UNPRIVILEGED) {
    const user = users.find(([login]) => login === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new ConfigError(
    `DATABASE_URL: set it, or start as an ordinary user: as root PostgreSQL needs one of the users ${UNPRIVILEGED.join(', ')}`,
  );
}

/** Whether the account can enter a directory, found out by doing it: modes, groups and access lists all have a say. */
export async function canEnter(directory: string, account: Account): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd "$0"', directory], { account }).then(
    () => true,
    () => false,
  );
}
