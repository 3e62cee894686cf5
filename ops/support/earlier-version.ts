import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { ConfigError } from '../../src/errors/config-error.ts';

const execute = promisify(execFile);

interface EarlierVersion extends AsyncDisposable {
  /** Its files, with its dependencies. */
  readonly directory: string;
  /** Such as `1.1.0`, of its contract. */
  readonly version: string;
}

/**
 * The commit of the last release: the last one that changed `openapi/released.yaml`.
 *
 * @throws {ConfigError} if the repository does not contain it
 */
export async function lastRelease(checkout: string): Promise<string> {
  const args = ['log', '-1', '--format=%h', '--', 'openapi/released.yaml'];
  const { stdout } = await execute('git', args, { cwd: checkout }).catch(missing);
  return stdout.trim() || missing();
}

/**
 * Copies a commit of this repository into a temporary directory, and installs its dependencies if they are others.
 *
 * @throws {ConfigError} if the repository does not contain the commit
 */
export async function checkOut(checkout: string, commit: string): Promise<EarlierVersion> {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-earlier-'));
  const remove = () => rm(directory, { recursive: true });
  try {
    const archive = join(directory, 'files.tar');
    const args = ['archive', `--output=${archive}`, commit];
    await execute('git', args, { cwd: checkout }).catch(missing);
    await execute('tar', ['-xf', archive], { cwd: directory });
    if (isDeepStrictEqual(await dependenciesOf(directory), await dependenciesOf(checkout)))
      await symlink(join(checkout, 'node_modules'), join(directory, 'node_modules'));
    else await installDependencies(directory);
    const contract = await readFile(join(directory, 'openapi', 'tasks.yaml'), 'utf8');
    const version = /^ {2}version: (\S+)/m.exec(contract)?.[1] ?? commit;
    return { directory, version, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function missing(): never {
  throw new ConfigError(
    'from: this repository does not contain the commit; fetch it, or set another one: make cluster-upgrade from=…',
  );
}

async function dependenciesOf(directory: string): Promise<unknown> {
  const manifest = await readFile(join(directory, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { dependencies: unknown }).dependencies;
}

async function installDependencies(directory: string): Promise<void> {
  const args = ['ci', '--omit=dev', '--omit=optional', '--ignore-scripts', '--loglevel=error'];
  await execute('npm', [...args, '--workspaces=false', '--include-workspace-root'], {
    cwd: directory,
  });
}
