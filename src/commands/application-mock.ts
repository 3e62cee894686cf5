import { nextPlan } from './application/next-plan.ts';
import { runPrograms } from './application/run-programs.ts';
import { runCommand } from './run-command.ts';
import { readEnvironment } from '../config.ts';
import { freePort } from './free-port.ts';
import { stopSignal } from './stop-signal.ts';

const HOST = '127.0.0.1';
const STOP_TIMEOUT_MS = 30_000;

await runCommand(runMockApplication);

/** Runs the frontend on the mock server, with live reload and a fixed session: without database and service. */
async function runMockApplication(): Promise<void> {
  const stopping = stopSignal(STOP_TIMEOUT_MS);
  const environment = readEnvironment();
  const port = (setting: string, defaultPort: string, otherPort: string) =>
    freePort(
      setting,
      environment[setting] ?? defaultPort,
      HOST,
      `choose another port: ${setting}=${otherPort} make app-mock`,
    );
  const mockPort = await port('MOCK_PORT', '4010', '4011');
  const appPort = await port('APP_PORT', '3000', '3001');
  const url = `http://localhost:${appPort}`;
  const mockUrl = `http://localhost:${mockPort}`;

  await runPrograms({
    programs: [
      {
        name: 'mock server',
        args: ['src/commands/mock.ts', String(mockPort)],
        environment: { ...environment, SCARF_ANALYTICS: 'false' },
        ready: `http://${HOST}:${mockPort}/livez`,
      },
      nextPlan({
        environment: { ...environment, MOCK: 'true', BETTER_AUTH_URL: url, TASKS_API_URL: mockUrl },
        url: `http://${HOST}:${appPort}`,
        reload: true,
      }),
    ],
    greeting: `
The frontend is ready. It shows the contract's examples to a signed-in sample user; changes are not stored.

  Application   ${url}
  Mock server   ${mockUrl}

Stop with Ctrl-C.

`,
    stopping,
  });
}
