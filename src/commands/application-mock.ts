import { nextPlan } from './application/next-plan.ts';
import { runPrograms } from './application/run-programs.ts';
import { runCommand } from './run-command.ts';
import { readEnvironment } from '../config.ts';
import { freePort } from './free-port.ts';
import { stopSignal } from './stop-signal.ts';

const HOST = '127.0.0.1';
const STOP_MS = 30_000;

await runCommand(runMockApplication);

/** The frontend with reload on the mock server, with a made-up session: no database, no service. */
async function runMockApplication(): Promise<void> {
  const stopping = stopSignal(STOP_MS);
  const given = readEnvironment();
  const port = (setting: string, standard: string, other: string) =>
    freePort(
      setting,
      given[setting] ?? standard,
      HOST,
      `choose another one: ${setting}=${other} make app-mock`,
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
        environment: { ...given, SCARF_ANALYTICS: 'false' },
        ready: `http://${HOST}:${mockPort}/livez`,
      },
      nextPlan({
        environment: { ...given, MOCK: 'true', BETTER_AUTH_URL: url, TASKS_API_URL: mockUrl },
        url: `http://${HOST}:${appPort}`,
        reload: true,
      }),
    ],
    greeting: `
The frontend is ready, with the contract's examples and a made-up session. It keeps nothing.

  Open     ${url}
  Mock     ${mockUrl}

Stop with Ctrl-C.

`,
    stopping,
  });
}
