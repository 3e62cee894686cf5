import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../../errors/config-error.ts';
import { type Account, SHARED_DIR, canEnter, serverAccount } from './account.ts';
import { type Binaries, packagedPrograms, usableBinaries } from './binaries.ts';
import { run } from './run.ts';
import { removeAbandoned, stagingPath, unlessExists } from './staging.ts';

/** A PostgreSQL data directory that holds the role `tasks` and its database `tasks`. */
export interface Cluster {
  /** The data directory itself, absolute and without links. */
  directory: string;
  logFile: string;
  /** Of the role `tasks`. */
  password: string;
  binaries: Binaries;
  /** Whom the server runs as, when that is not ourselves. */
  account: Account | undefined;
}

/** Kept with the data, so that the one is never there without the other. */
const PASSWORD_FILE = 'tasks.password';

/**
 * The cluster in `<dataDir>/postgres`, made when there is none. Any number of processes may do this at once.
 *
 * @throws {ConfigError} when the data cannot be used by us or by this version of PostgreSQL
 */
export async function openCluster(
  dataDir: string,
  log: (message: string) => void,
): Promise<Cluster> {
  await mkdir(dataDir, { recursive: true }).catch((cause: unknown) => {
    throw new ConfigError(
      `DATA_DIR: ${dataDir} cannot be used (${codeOf(cause)}); choose another directory`,
      { cause },
    );
  });
  await removeAbandoned(dataDir);
  const path = join(dataDir, 'postgres');
  const data = await stat(path).catch(unlessAbsent);
  if (!data) await refuseDanglingLink(path);
  const account = await serverAccount(path, data);
  const binaries = await usableBinaries(packagedPrograms(), account, log);
  if (!data) await createCluster(path, binaries, account, log);

  const directory = await realpath(path);
  const major = (await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(unlessAbsent))?.trim();
  if (major !== binaries.version.split('.')[0]) {
    throw new ConfigError(
      `DATA_DIR: ${path} holds ${major ? `data of PostgreSQL ${major}` : 'no PostgreSQL data'}, and this is PostgreSQL ${binaries.version}; ` +
        'move it away to start with an empty database, or serve it with its own version and set DATABASE_URL',
    );
  }
  const password = await readFile(join(directory, PASSWORD_FILE), 'utf8');
  return { directory, logFile: join(dataDir, 'postgres.log'), password, binaries, account };
}

/** Makes the cluster elsewhere and puts it in its place when it is complete; who comes second drops theirs. */
async function createCluster(
  path: string,
  binaries: Binaries,
  account: Account | undefined,
  log: (message: string) => void,
): Promise<void> {
  const dataDir = dirname(path);
  const within = !account || (await canEnter(dataDir, account));
  const parent = within ? dataDir : SHARED_DIR;
  log(
    within
      ? `creating the database in ${path}`
      : `creating the database in ${SHARED_DIR}, linked from ${path}: others than root cannot enter ${dataDir}`,
  );
  if (!within) {
    await mkdir(SHARED_DIR, { recursive: true });
    await chmod(SHARED_DIR, 0o755);
    await removeAbandoned(SHARED_DIR);
  }
  const staging = stagingPath(parent);
  await mkdir(staging, { mode: 0o700 });
  if (account) await chown(staging, account.uid, account.gid);
  await initialise(staging, binaries, account);
  if (within) {
    await rename(staging, path).catch(unlessExists);
    await rm(staging, { recursive: true, force: true });
  } else {
    const directory = join(SHARED_DIR, `data-${randomUUID()}`);
    await rename(staging, directory);
    await symlink(directory, path).catch(async (error: unknown) => {
      await rm(directory, { recursive: true });
      unlessExists(error);
    });
  }
}

async function initialise(
  directory: string,
  { initdb, postgres }: Binaries,
  account: Account | undefined,
) {
  await run(
    initdb,
    [
      `--pgdata=${directory}`,
      '--username=postgres',
      // The superuser has no password, so nobody can be it over the network.
      '--auth-local=reject',
      '--auth-host=scram-sha-256',
      '--encoding=UTF8',
      // Needs no locale of the operating system.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ],
    { account },
  );
  const password = randomBytes(24).toString('base64url');
  const input = [
    `CREATE ROLE tasks LOGIN CREATEDB PASSWORD '${password}';`,
    'CREATE DATABASE tasks OWNER tasks;',
    '',
  ].join('\n');
  await run(postgres, ['--single', '-D', directory, '-c', 'exit_on_error=on', 'postgres'], {
    account,
    input,
  });
  const file = join(directory, PASSWORD_FILE);
  await writeFile(file, password, { mode: 0o600, flush: true });
  if (account) await chown(file, account.uid, account.gid);
}

async function refuseDanglingLink(path: string): Promise<void> {
  const target = await readlink(path).catch(() => undefined);
  // Another process may have made it just now.
  if (target === undefined || (await stat(path).catch(unlessAbsent))) return;
  throw new ConfigError(
    `DATA_DIR: ${path} links to ${target}, which is gone; remove the link to start with an empty database`,
  );
}

function unlessAbsent(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
