import { fileURLToPath } from 'node:url';
import { createSingleProcessPrism } from '@stoplight/prism-cli/dist/util/createServer.js';
import { runPrismAndSetupWatcher } from '@stoplight/prism-cli/dist/util/runner.js';
import { CONTRACT } from '../files.ts';
import { runCommand } from './run-command.ts';
import { freePort } from './free-port.ts';

const HOST = '127.0.0.1';
const DEFAULT_PORT = '4010';

await runCommand(() => runMock(process.argv[2]));

/**
 * Starts the Prism mock server, which responds with the examples of the contract, and prints how to use it. Prism's CLI
 * cannot report that it is ready without printing a line per operation, so this calls the functions behind the CLI.
 */
async function runMock(wanted = DEFAULT_PORT): Promise<void> {
  const port = await freePort('port', wanted, HOST, 'choose another port: make mock port=4011');
  await runPrismAndSetupWatcher(createSingleProcessPrism, {
    document: fileURLToPath(CONTRACT),
    host: HOST,
    port,
    cors: true,
    // Invalid requests get the error responses of the contract.
    errors: false,
    dynamic: false,
    ignoreExamples: false,
    jsonSchemaFakerFillProperties: false,
    seed: '',
    multiprocess: false,
    // Logs why a request is invalid.
    verboseLevel: 'warn',
  });
  process.stdout.write(greeting(`http://localhost:${port}`));
}

function greeting(url: string): string {
  return `
The mock server is ready on ${url}. It accepts any token and stores nothing.

  curl -sS -i ${url}/api/tasks -H 'Authorization: Bearer any'

Request headers select another response: 'Prefer: code=404' an error, 'Prefer: example=page' an example by name,
'Prefer: dynamic=true' random values. Stop with Ctrl-C.

`;
}
