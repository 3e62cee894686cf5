import { fileURLToPath } from 'node:url';
import { createSingleProcessPrism } from '@stoplight/prism-cli/dist/util/createServer.js';
import { runPrismAndSetupWatcher } from '@stoplight/prism-cli/dist/util/runner.js';
import { runCommand } from './run-command.ts';
import { freePort } from './free-port.ts';

const HOST = '127.0.0.1';
const DEFAULT_PORT = '4010';

await runCommand(() => runMock(process.argv[2]));

/**
 * Starts `prism mock`, which answers with the examples of the contract, and tells how to use it. Prism's own command
 * says at no level that it is ready without a line for every operation, so what is behind it is called.
 */
async function runMock(wanted = DEFAULT_PORT): Promise<void> {
  const port = await freePort('port', wanted, HOST, 'choose another one: make mock port=4011');
  await runPrismAndSetupWatcher(createSingleProcessPrism, {
    document: fileURLToPath(new URL('../../openapi/tasks.yaml', import.meta.url)),
    host: HOST,
    port,
    cors: true,
    // What is wrong with a request is answered as the contract documents it.
    errors: false,
    dynamic: false,
    ignoreExamples: false,
    jsonSchemaFakerFillProperties: false,
    seed: '',
    multiprocess: false,
    // What is wrong with a request is told here, too.
    verboseLevel: 'warn',
  });
  process.stdout.write(greeting(`http://localhost:${port}`));
}

function greeting(url: string): string {
  return `
The mock server is ready on ${url}. It knows no users and keeps nothing: any token will do.

  curl -sS -i ${url}/api/tasks -H 'Authorization: Bearer any'

More headers choose other answers: 'Prefer: code=404' an error, 'Prefer: example=page' an example by its name,
'Prefer: dynamic=true' made-up values. Stop with Ctrl-C.

`;
}
