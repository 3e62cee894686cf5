import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The interpreter that Debian's packages are for. */
export const PYTHON = '/usr/bin/python3';
const MODULES = ['fastapi', 'sqlmodel', 'jwt', 'psycopg2', 'uvicorn', 'uvloop', 'httptools'];
const PACKAGES = [
  'python3-fastapi',
  'python3-sqlmodel',
  'python3-jwt',
  'python3-psycopg2',
  'python3-uvicorn',
  'python3-uvloop',
  'python3-httptools',
];

/**
 * Installs Debian's packages of FastAPI and its companions, unless they are there.
 *
 * @returns why that is not possible on this machine; undefined if they are there now
 */
export async function installFastApi(): Promise<string | undefined> {
  if (await canImport()) return undefined;
  if (process.getuid?.() !== 0) {
    return `not installed: only root can install its packages (apt-get install ${PACKAGES.join(' ')})`;
  }
  process.stdout.write('Installing FastAPI from the packages of the system …\n');
  const environment = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    await run('apt-get', ['update', '-q'], environment);
    await run('apt-get', ['install', '-qy', '--no-install-recommends', ...PACKAGES], environment);
  } catch {
    return 'not installed: this system has no such packages';
  }
  return (await canImport()) ? undefined : 'not installed: its packages are incomplete';
}

/** The version of the installed FastAPI. */
export async function fastApiVersion(): Promise<string> {
  const program = 'import fastapi; print(fastapi.__version__)';
  return (await run(PYTHON, ['-c', program])).stdout.trim();
}

function canImport(): Promise<boolean> {
  return run(PYTHON, ['-c', `import ${MODULES.join(', ')}`]).then(
    () => true,
    () => false,
  );
}
