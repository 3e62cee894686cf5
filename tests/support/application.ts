import { globSync, statSync } from 'node:fs';
import { applicationEnvironments } from '../../src/commands/application/environment.ts';
import { nextPlan } from '../../src/commands/application/next-plan.ts';
import { type Program, startProgram } from '../../src/commands/application/program.ts';
import type { ProgramPlan } from '../../src/commands/application/run-programs.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { unset } from './process.ts';
import { SECRET } from './tokens.ts';
import { unusedPort } from './unused-port.ts';

const HOST = '127.0.0.1';

/** The URLs of a running application. */
export interface TestApplication {
  /** The URL in the browser, such as `http://localhost:23456`. */
  readonly url: string;
  /** The URL of the frontend itself, without a proxy. */
  readonly frontendUrl: string;
  /** The URL of the service itself. */
  readonly serviceUrl: string;
  readonly databaseUrl: string;
}

/** An application that its test controls. */
export interface OwnApplication extends TestApplication {
  /** Stops the service; the frontend keeps running. */
  stopService(): Promise<void>;
  /** Starts the service again, on the same port. */
  startService(): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  readonly tokens?: 'EdDSA' | 'HS256';
  /** Settings, as for `make app`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The IP address that the frontend listens on. */
  readonly host?: string;
  /** Dropped when the application stops. */
  readonly database?: Promise<TestDatabase>;
}

/**
 * Starts the whole application as `make app` does, on free ports and with a separate database: the built frontend
 * and the service, each in a separate process.
 *
 * @throws if the frontend is not built, or its build is out of date
 */
export async function startTestApplication({
  tokens = 'EdDSA',
  environment = {},
  host = HOST,
  database = createTestDatabase(),
}: Options = {}): Promise<OwnApplication> {
  const own = await database;
  const { url: databaseUrl } = own;
  const port = String(await unusedPort(host));
  const given = {
    HOST,
    PORT: String(await unusedPort(HOST)),
    APP_PORT: port,
    BETTER_AUTH_URL: `http://localhost:${port}`,
    TOKEN_ALGORITHM: tokens,
    // All users of a test run share one client address.
    AUTH_RATE_LIMIT: '1000000',
    ...environment,
  };
  const environments = applicationEnvironments(given, { databaseUrl, secret: SECRET });
  const { url, serviceUrl } = environments;
  const { pathname } = new URL(environments.frontendUrl);
  const frontendUrl = `http://${host}:${given.APP_PORT}${pathname.replace(/\/$/, '')}`;
  const servicePlan = {
    name: 'service',
    args: ['src/main.ts'],
    environment: { ...unset, ...environments.service },
    ready: `${serviceUrl}/livez`,
  };
  const frontendPlan = nextPlan({
    environment: environments.frontend,
    url: frontendUrl,
    reload: false,
  });

  const running = new Map<string, Program>();
  const start = async (plan: ProgramPlan) => {
    const output: string[] = [];
    const { name, args, ready } = plan;
    const program = startProgram(name, args, plan.environment, (text) => {
      output.push(text);
    });
    running.set(name, program);
    await program.ready(ready).catch((cause: unknown) => {
      throw new Error(output.join(''), { cause });
    });
  };
  const stopProgram = async (name: string) => {
    await running.get(name)?.stop();
    running.delete(name);
  };
  const stop = async () => {
    await Promise.all([...running.keys()].map(stopProgram));
    await own.drop();
  };
  try {
    expectBuild(environment['NEXT_DIST_DIR']);
    await Promise.all([start(servicePlan), start(frontendPlan)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    frontendUrl,
    serviceUrl,
    databaseUrl,
    stopService: () => stopProgram(servicePlan.name),
    startService: () => start(servicePlan),
    stop,
  };
}

/** @throws if the frontend is not built from the current files */
function expectBuild(directory = '.next'): void {
  const file = `frontend/${directory}/BUILD_ID`;
  const built = modified(file);
  // The same files as in the Makefile.
  const sources = globSync(
    [
      'frontend/**/*.*',
      'src/errors/*.ts',
      'src/net/*.ts',
      'src/settings/*.ts',
      'src/db/*.ts',
      'src/db/connection/*.ts',
    ],
    {
      exclude: ['**/.next*', '**/node_modules', '**/next-env.d.ts'],
    },
  );
  if (sources.some((path) => modified(path) > built)) {
    throw new Error(`The frontend is not built, or has changed since; run: make ${file}`);
  }
}

const modified = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
