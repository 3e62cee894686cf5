import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { USER } from './data.ts';
import { installFastApi, PYTHON } from './python.ts';
import { SECRET } from './token.ts';
import type { WorkName } from './works.ts';

/** A server that can be measured. */
export interface ServerKind {
  readonly title: string;
  readonly description: string;
  readonly command: string;
  /** `PORT` is replaced by the port. */
  readonly args: readonly string[];
  /** Its environment variables, besides `PORT` and `DATABASE_URL`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The role as which it connects to the database, with row-level security; by default, the owner of the tables. */
  readonly role?: string;
  /** Whether it gets an IPC channel. */
  readonly ipc?: boolean;
  /** The works that it does not support. */
  readonly without: readonly WorkName[];
  /** Installs it. Returns why it cannot run on this machine. */
  readonly install?: () => Promise<string | undefined>;
}

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
/** The flags of `npm start`, which limit the memory. */
const MEMORY_FLAGS = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--'));
const node = (file: string) => ({ command: process.execPath, args: [pathOf(file)] });

/** The package of this service, which `make package` builds. */
export const service: ServerKind = {
  title: 'this service',
  description: 'its npm package, with the settings of production',
  command: process.execPath,
  args: [...MEMORY_FLAGS, pathOf('../../lib/cli.js'), 'serve'],
  environment: {
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: pathOf('../../node_modules/.cache/node'),
    HOST: '127.0.0.1',
    BETTER_AUTH_SECRET: SECRET,
    JWT_AUDIENCE: 'any',
    CORS_ORIGINS: 'https://app.example.com',
    SHUTDOWN_DELAY: '0',
    // Counts requests and refused tokens, but limits none.
    RATE_LIMIT: '100000000',
    AUTH_FAILURE_LIMIT: '100000000',
  },
  without: [],
};

/** The same with each file of the service and of its libraries apart, so that a profile can tell them apart. */
export const unbundledService: ServerKind = {
  ...service,
  args: [...MEMORY_FLAGS, pathOf('../../src/main.ts')],
};

const peer = (title: string, file: string, description: string): ServerKind => ({
  title,
  description,
  ...node(`../peers/${file}`),
  environment: { NODE_ENV: 'production', SECRET, USER_ID: USER },
  without: ['unchanged'],
});

export const servers = {
  service,
  workers: {
    ...service,
    title: 'this service, WORKERS=2',
    description: 'the same in two processes',
    environment: { ...service.environment, WORKERS: '2' },
  },
  'row-security': {
    ...service,
    title: 'this service, row-level security',
    description: 'the same as a role that is subject to row-level security',
    role: 'tasks_service',
  },
  'fastify-full': peer(
    'Fastify, same job',
    'fastify-full.ts',
    'security headers, CORS, request ids, a log line per request, rate limit, cached verified tokens, responses validated before they are sent',
  ),
  'fastify-bare': peer(
    'Fastify, bare',
    'fastify-bare.ts',
    '`@fastify/jwt`, `pg` with prepared statements, JSON schemas for requests and responses',
  ),
  'node-http': {
    ...peer(
      'node:http',
      'node-http.ts',
      '`pg` with prepared statements; no token, no validation, no log',
    ),
    without: ['unchanged', 'refused', 'invalid'],
  },
  fastapi: {
    ...peer(
      'FastAPI',
      'fastapi_sqlmodel.py',
      'SQLModel, PyJWT and psycopg2 on uvicorn with uvloop, one process, no access log',
    ),
    command: PYTHON,
    args: [
      '-m',
      'uvicorn',
      '--app-dir',
      pathOf('../peers'),
      '--port',
      'PORT',
      '--no-access-log',
      'fastapi_sqlmodel:app',
    ],
    environment: { SECRET, PYTHONDONTWRITEBYTECODE: '1' },
    install: installFastApi,
  },
} satisfies Record<string, ServerKind>;

export type ServerName = keyof typeof servers;
