import { parseConfig as parseFrontendConfig } from '../../frontend/app/lib/config.ts';
import { applicationEnvironments, type Environments } from './application/environment.ts';
import { nextPlan } from './application/next-plan.ts';
import { type ProgramPlan, runPrograms } from './application/run-programs.ts';
import { showStep } from './application/step.ts';
import { developmentSecret } from '../auth/development.ts';
import { runCommand } from './run-command.ts';
import { parseConfig, readEnvironment } from '../config.ts';
import { openDatabaseServer } from '../db/connection/open-database-server.ts';
import { freePort } from './free-port.ts';
import { stopSignal } from './stop-signal.ts';
import { createLogger } from '../telemetry/log.ts';

const STOP_TIMEOUT_MS = 30_000;

await runCommand(() => runApplication({ reload: process.argv.includes('--reload') }));

/**
 * Runs the whole application until SIGTERM or SIGINT: PostgreSQL, the service and the frontend, each in its own process.
 *
 * @param options.reload whether the service and the frontend reload when their code changes
 */
async function runApplication({ reload }: { readonly reload: boolean }): Promise<void> {
  const stopping = stopSignal(STOP_TIMEOUT_MS);
  const environment = readEnvironment();
  const config = parseConfig({ ...environment, NODE_ENV: 'development' });
  const log = createLogger(environment['LOG_LEVEL'] === undefined ? 'warn' : config.logLevel);
  const command = reload ? 'make app-dev' : 'make app';
  const port = (setting: string, wanted: string, otherPort: string) =>
    freePort(
      setting,
      wanted,
      config.host,
      `choose another port: ${setting}=${otherPort} ${command}`,
    );
  const ports = {
    APP_PORT: String(await port('APP_PORT', environment['APP_PORT'] ?? '3000', '3001')),
    PORT: String(await port('PORT', String(config.port), '8001')),
  };
  const secret = config.auth.secret ?? (await developmentSecret(config.dataDir));
  const environmentsWith = (databaseUrl: string) =>
    applicationEnvironments({ ...environment, ...ports }, { databaseUrl, secret });
  // Reports mistakes in the settings of the frontend before anything is started.
  parseFrontendConfig({
    ...environmentsWith(config.databaseUrl ?? 'postgres://localhost').frontend,
    NODE_ENV: 'production',
  });

  const database = await showStep('Starting PostgreSQL', () => openDatabaseServer(config, log));
  try {
    const environments = environmentsWith(database.url);
    const { frontend, frontendUrl } = environments;
    await runPrograms({
      programs: [
        servicePlan(environments, reload),
        nextPlan({ environment: frontend, url: frontendUrl, reload }),
      ],
      greeting: greeting(environments),
      stopping: Promise.race([stopping, database.failed]),
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

  Application     ${url}
  API reference   ${serviceUrl}/docs

Sign up with any email address; no email is sent. Stop with Ctrl-C.

`;
}
