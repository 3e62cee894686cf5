import { randomBytes, randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../errors/config-error.ts';
import { type Account, canEnter, serverAccount } from './account.ts';
import { type Programs, SHARED_DIR, findPrograms, makeSharedDirectory } from './programs.ts';
import { run } from './run.ts';

/** A PostgreSQL data directory that contains the role `tasks` and its database `tasks`. */
export interface DataDirectory {
  /** Absolute and without symbolic links. */
  readonly path: string;
  /** The password of the role `tasks`. */
  readonly password: string;
  readonly programs: Programs;
  /** What the server runs as, if not as the account of this process. */
  readonly account: Account | undefined;
}

/** Stored with the data, so that neither exists without the other. */
const PASSWORD_FILE = 'tasks.password';
const DRAFT = 'postgres.new-';

/**
 * Opens the data directory in `<dataDir>/postgres`, or creates it. Only one process may do this at a time.
 *
 * @throws {ConfigError} if this process, or this version of PostgreSQL, cannot use the data
 */
export async function openDataDirectory(
  dataDir: string,
  log: (message: string) => void,
): Promise<DataDirectory> {
  const path = join(dataDir, 'postgres');
  const data = await fs.stat(path).catch(unlessAbsent);
  const link = data ? undefined : await fs.readlink(path).catch(unlessAbsent);
  if (link !== undefined) {
    throw new ConfigError(
      `DATA_DIR: ${path} links to ${link}, which does not exist; remove the link to start with an empty database`,
    );
  }
  const account = await serverAccount(path, data);
  const programs = await findPrograms(account);
  if (!data) await createDataDirectory(path, { programs, account, log });
  const directory = await fs.realpath(path);
  const version = await fs.readFile(join(directory, 'PG_VERSION'), 'utf8').catch(unlessAbsent);
  if (version?.trim() !== programs.version.split('.')[0]) {
    const content = version ? `data of PostgreSQL ${version.trim()}` : 'no PostgreSQL data';
    throw new ConfigError(
      `DATA_DIR: ${path} contains ${content}, but this is PostgreSQL ${programs.version}; ` +
        'move it away to start with an empty database, or run that version yourself and set DATABASE_URL',
    );
  }
  const password = await fs.readFile(join(directory, PASSWORD_FILE), 'utf8');
  return { path: directory, password, programs, account };
}

interface Creation extends Pick<DataDirectory, 'programs' | 'account'> {
  readonly log: (message: string) => void;
}

/** Creates the data directory under another name, and renames it when it is complete. */
async function createDataDirectory(
  path: string,
  { programs, account, log }: Creation,
): Promise<void> {
  log(`creating the database in ${path}`);
  const dataDir = dirname(path);
  await removeDrafts(dataDir);
  const draft = join(dataDir, `${DRAFT}${randomUUID()}`);
  let directory = draft;
  if (account && !(await canEnter(dataDir, account))) {
    await makeSharedDirectory();
    directory = join(SHARED_DIR, `data-${randomUUID()}`);
    await fs.symlink(directory, draft);
    log(`${path} links to ${directory}, because only root can enter ${dataDir}`);
  }
  await fs.mkdir(directory, { mode: 0o700 });
  if (account) await fs.chown(directory, account.uid, account.gid);
  await initialise(directory, programs, account);
  await fs.rename(draft, path);
}

/** Removes what killed processes left incomplete. An `initdb` of theirs can still be writing; then a later start removes it. */
async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await fs.readdir(dataDir)) {
    if (!name.startsWith(DRAFT)) continue;
    const draft = join(dataDir, name);
    for (const path of [await fs.realpath(draft).catch(() => draft), draft])
      await fs.rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function initialise(
  directory: string,
  { initdb, postgres }: Programs,
  account: Account | undefined,
): Promise<void> {
  const options = [
    '--username=postgres',
    // The superuser has no password, so nobody can log in as it over the network.
    '--auth-local=reject',
    '--auth-host=scram-sha-256',
    '--encoding=UTF8',
    // Independent of the locales that the operating system has.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ];
  await run(initdb, [`--pgdata=${directory}`, ...options], { account });
  const password = randomBytes(24).toString('base64url');
  const input = `CREATE ROLE tasks LOGIN CREATEDB CREATEROLE PASSWORD '${password}';\nCREATE DATABASE tasks OWNER tasks;\n`;
  const singleUser = ['--single', '-D', directory, '-c', 'exit_on_error=on', 'postgres'];
  await run(postgres, singleUser, { account, input });
  const file = join(directory, PASSWORD_FILE);
  await fs.writeFile(file, password, { mode: 0o600, flush: true });
  if (account) await fs.chown(file, account.uid, account.gid);
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
