import { applicationEnvironments, type Environments } from './application/environment.ts';
import { nextPlan } from './application/next-plan.ts';
import { type ProgramPlan, runPrograms } from './application/run-programs.ts';
import { developmentSecret } from '../auth/development.ts';
import { runCommand } from './run-command.ts';
import { parseConfig, readEnvironment } from '../config.ts';
import { openServer } from '../db/open-server.ts';
import { freePort } from './free-port.ts';
import { stopSignal } from './stop-signal.ts';
import { createLog } from '../telemetry/log.ts';

const STOP_MS = 30_000;

await runCommand(() => runApplication({ reload: process.argv.includes('--reload') }));

/**
 * The whole application until a signal to stop: PostgreSQL, the service, and the frontend, each in a process of its own.
 *
 * @param options.reload whether the programs follow the changes of their code
 */
async function runApplication({ reload }: { readonly reload: boolean }): Promise<void> {
  const stopping = stopSignal(STOP_MS);
  const given = readEnvironment();
  const config = parseConfig({ ...given, NODE_ENV: 'development' });
  const log = createLog(given['LOG_LEVEL'] === undefined ? 'warn' : config.logLevel);
  const command = reload ? 'make app-dev' : 'make app';
  const free = (setting: string, port: string, other: string) =>
    freePort(setting, port, config.host, `choose another one: ${setting}=${other} ${command}`);
  const ports = {
    APP_PORT: String(await free('APP_PORT', given['APP_PORT'] ?? '3000', '3001')),
    PORT: String(await free('PORT', String(config.port), '8001')),
  };

  process.stdout.write('Starting PostgreSQL …\n');
  const database = await openServer(config, log);
  try {
    const secret = config.auth.secret ?? (await developmentSecret(config.dataDir));
    const environments = applicationEnvironments(
      { ...given, ...ports },
      { databaseUrl: database.url, secret },
    );
    const { frontend, frontendUrl } = environments;
    await runPrograms({
      programs: [
        servicePlan(environments, reload),
        nextPlan({ environment: frontend, url: frontendUrl, reload }),
      ],
      greeting: greeting(environments),
      stopping,
    });
  } finally {
    await database.stop();
  }
}

function servicePlan({ service, serviceUrl }: Environments, reload: boolean): ProgramPlan {
  const watch = ['--watch-path=src', '--watch-path=openapi', '--watch-preserve-output'];
  return {
    name: 'service',
    args: [...(reload ? watch : []), 'src/main.ts'],
    environment: service,
    ready: `${serviceUrl}/livez`,
  };
}

function greeting({ url, serviceUrl }: Environments): string {
  return `
The application is ready.

  Open           ${url}
  The service    ${serviceUrl}/docs

Sign up with any email address: nothing is sent to it. Stop with Ctrl-C.

`;
}
