import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

/** `nobody` on Debian and most other distributions. */
const ORDINARY = { uid: 65_534, gid: 65_534 };

/** Runs commands as an ordinary user: of root, they are `nobody`'s. */
export interface Sandbox {
  /** An empty directory that the user can write to. */
  createDirectory(name: string): Promise<string>;
  /** Runs a command in a directory. @throws with its output, when it fails */
  run(directory: string, command: readonly string[], environment?: Environment): Promise<void>;
  /** Starts a command in a namespace in which the file system is read-only. */
  startReadOnly(
    directory: string,
    command: readonly string[],
    environment: Environment,
  ): ChildProcess;
  /** Gives the files of a directory to the user. */
  own(directory: string): Promise<void>;
  megabytesOf(directory: string): Promise<number>;
}

/**
 * @param directory contains everything that the sandbox writes
 * @param environment of this process: its npm settings are kept, the settings of the service are not
 */
export async function createSandbox(directory: string, environment: Environment): Promise<Sandbox> {
  const account = process.getuid?.() === 0 ? ORDINARY : undefined;
  const createDirectory = async (name: string) => {
    const path = join(directory, name);
    await mkdir(path);
    if (account) await chown(path, account.uid, account.gid);
    return path;
  };
  const home = await createDirectory('home');
  const programs = await createDirectory('bin');
  await copyFile(process.execPath, join(programs, 'node'));
  const { stdout: registry } = await promisify(execFile)('npm', ['config', 'get', 'registry']);
  const npm = Object.entries(environment).filter(([name]) =>
    /^npm_config_|_proxy$|_CERTS$/i.test(name),
  );
  const base = {
    ...Object.fromEntries(npm),
    npm_config_registry: registry.trim(),
    HOME: home,
    PATH: `${programs}:/usr/local/bin:/usr/bin:/bin`,
  };
  const start = ([command = '', ...args]: readonly string[], cwd: string, more: Environment) =>
    spawn(command, args, {
      ...account,
      cwd,
      env: { ...base, ...more },
      stdio: ['ignore', 'inherit', 'inherit'],
    });

  return {
    createDirectory,
    async run(cwd, command, more = {}) {
      const [code] = (await once(start(command, cwd, more), 'exit')) as [number | null];
      if (code !== 0) throw new Error(`${command.join(' ')}: exit code ${String(code)}`);
    },
    startReadOnly(cwd, command, more) {
      // In a user namespace, an ordinary user may mount. `exec` keeps the process, so that signals reach the command.
      const script = `
        mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && mount -o remount,bind,ro / || exit 1
        if touch "$0/written" 2>/dev/null; then echo 'The file system is not read-only.' >&2; exit 1; fi
        cd "$PWD" && exec "$@"`;
      const wrapped = ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, cwd];
      return start([...wrapped, ...command], cwd, more);
    },
    async own(path) {
      if (account)
        await promisify(execFile)('chown', ['-R', `${account.uid}:${account.gid}`, path]);
    },
    async megabytesOf(path) {
      const { stdout } = await promisify(execFile)('du', ['-sm', path]);
      return Number.parseInt(stdout);
    },
  };
}
