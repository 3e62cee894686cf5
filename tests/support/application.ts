import { randomInt } from 'node:crypto';
import { globSync, statSync } from 'node:fs';
import { applicationEnvironments } from '../../src/commands/application/environment.ts';
import { nextPlan } from '../../src/commands/application/next-plan.ts';
import { startProgram } from '../../src/commands/application/program.ts';
import { freePort } from '../../src/commands/free-port.ts';
import { createTestDatabase } from './database.ts';
import { startTestService, type TestService } from './service.ts';
import { SECRET } from './tokens.ts';

const BUILD = 'frontend/.next/BUILD_ID';
const HOST = '127.0.0.1';
/** Below what systems give to connections by themselves, so that none has it before the frontend. */
const PORTS = { from: 20_000, to: 32_000 };

export interface TestApplication {
  /** Where people find it, such as `http://localhost:23456`. */
  readonly url: string;
  /** Where the frontend listens, whatever is before it. */
  readonly frontendUrl: string;
  /** Where the service listens. */
  readonly serviceUrl: string;
  readonly databaseUrl: string;
  /** Ends the service, as a crash would; the frontend stays. */
  stopService(): Promise<void>;
  /** Starts it again where it was. */
  startService(): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  readonly tokens?: 'EdDSA' | 'HS256';
  /** Settings, as `make app` would be given them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The address that the frontend listens on. */
  readonly host?: string;
}

/**
 * Starts the whole application as `make app` does, on free ports and a database of its own: the frontend as it was built,
 * in a process of its own, and the service in this one.
 *
 * @throws when there is no build, or an old one
 */
export async function startTestApplication({
  tokens = 'EdDSA',
  environment = {},
  host = HOST,
}: Options = {}): Promise<TestApplication> {
  expectBuild();
  const database = await createTestDatabase();
  const given = {
    HOST,
    APP_PORT: String(await frontendPort(host)),
    TOKEN_ALGORITHM: tokens,
    // One address signs up many people here.
    AUTH_RATE_LIMIT: '1000000',
    ...environment,
  };
  const environmentsWith = (port: number) =>
    applicationEnvironments(
      { ...given, PORT: String(port) },
      { databaseUrl: database.url, secret: SECRET },
    );
  const serviceOn = (port: number): Promise<TestService> =>
    startTestService(definedOf(environmentsWith(port).service));

  const { port, ...first } = await serviceOn(0);
  let service: Pick<TestService, 'stop'> | undefined = first;
  const stopService = async () => {
    await service?.stop();
    service = undefined;
  };
  const { url, serviceUrl, frontend } = environmentsWith(port);
  const frontendUrl = `http://${host}:${given.APP_PORT}`;
  const plan = nextPlan({ environment: frontend, url: frontendUrl, reload: false });
  const output: string[] = [];
  const program = startProgram(plan.name, plan.args, plan.environment, (text) => {
    output.push(text);
  });
  const stop = async () => {
    await program.stop();
    await stopService();
    await database.drop();
  };
  try {
    await program.ready(plan.ready);
  } catch (error) {
    await stop();
    throw new Error(output.join(''), { cause: error });
  }
  return {
    url,
    frontendUrl,
    serviceUrl,
    databaseUrl: database.url,
    stopService,
    async startService() {
      service = await serviceOn(port);
    },
    stop,
  };
}

/** @throws when the frontend is not built from the files that are there */
function expectBuild(): void {
  const built = modified(BUILD);
  // As in the Makefile.
  const sources = globSync(['frontend/**/*.*', 'src/errors/*.ts', 'src/settings/*.ts', 'src/db/*.ts'], {
    exclude: ['**/.next', '**/node_modules', '**/next-env.d.ts'],
  });
  if (sources.some((path) => modified(path) > built)) {
    throw new Error(
      'The frontend is not built, or has changed since; run: make app, or npm run build:frontend',
    );
  }
}

const modified = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

async function frontendPort(host: string): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const free = await freePort('APP_PORT', String(port), host, '').catch(() => undefined);
    if (free !== undefined) return free;
  }
}

function definedOf(environment: Readonly<Record<string, string | undefined>>) {
  const defined = Object.entries(environment).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as Record<string, string>;
}
