import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadContract } from '../../src/contract.ts';
import { expectBuiltClient } from '../support/built-client.ts';
import { createClient } from '../support/client.ts';
import { EXAMPLE_TASK, EXAMPLE_USER, seedExample } from '../support/example.ts';
import { operations } from '../support/operations.ts';
import { useService } from '../support/service.ts';
import { insertTasks } from '../support/tasks.ts';

expectBuiltClient();

const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

const FOLDER = 'openapi/samples';
const BASE_URL = 'http://localhost:8000';

/** The output of the TypeScript samples. */
const printed: Record<string, RegExp> = {
  listTasks: /title: 'Buy milk'.*\nBuy milk\n$/s,
  createTask: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n$/,
  getTask: /^Buy milk "3"\n$/,
  updateTask: /^Buy oat milk true\n$/,
  patchTask: /^"4"\n$/,
  completeTask: /^true\n$/,
  deleteTask: /^deleted\n$/,
  getCurrentUser: new RegExp(`^${EXAMPLE_USER} Alice\n$`),
  deleteCurrentUser: /^deleted\n$/,
  revokeTokens: /^revoked\n$/,
  exportCurrentUser: /name: 'Alice'.*\n\[\{"id":.*"title":"Buy milk".*\}\]\n$/s,
  countTasks: /^1 0\n$/,
  getLiveness: /^ok\n$/,
  getReadiness: /^ok\n$/,
};

const service = useService();
let token: string;
let curlHome: string;

beforeAll(async () => {
  curlHome = await mkdtemp(join(tmpdir(), 'tasks-api-curl-'));
  await writeFile(
    join(curlHome, '.curlrc'),
    String.raw`silent
show-error
write-out = "%{stderr}%{response_code}\n"
`,
  );
});
afterAll(() => rm(curlHome, { recursive: true }));
beforeEach(async () => {
  token = await seedExample(service);
});

const forService = (text: string) => text.replaceAll(BASE_URL, service.url);

/** The environment variables that the samples read. */
const variables = () => ({ TOKEN: token, USER_ID: EXAMPLE_USER, ID: EXAMPLE_TASK });

/**
 * Runs shell commands against the test service. Returns the HTTP statuses that curl received, and its output.
 *
 * `--norc`: with a socket as standard input, Bash assumes a remote shell and would read its startup files.
 */
async function runShell(script: string, more: Record<string, string> = {}) {
  const { stdout, stderr } = await run('bash', ['--norc', '-euc', forService(script)], {
    // With a locale that is not installed, Bash would print a warning.
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...variables(), ...more, CURL_HOME: curlHome },
  });
  return { statuses: stderr.trim().split('\n'), stdout };
}

/** Runs a TypeScript module against the test service. Returns its output. */
async function runTypeScript(module: string): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module-typescript', '--eval', forService(module)],
    { env: { ...process.env, ...variables() } },
  );
  return stdout;
}

test('every operation has a sample in each language, and every sample has an operation', () => {
  const expected = operations.flatMap(({ operationId: id }) => [`${id}.sh`, `${id}.ts`]);
  expect(readdirSync(FOLDER).toSorted()).toEqual(expected.toSorted());
});

describe.each(operations)('$operationId', ({ operationId: id, responses }) => {
  const sample = (extension: string) => readFileSync(`${FOLDER}/${id}.${extension}`, 'utf8');

  test.runIf(hasCurl)('the curl sample succeeds', async () => {
    const { statuses, stdout } = await runShell(sample('sh'));
    const success = Object.keys(responses).find((status) => status.startsWith('2'));
    expect(statuses, stdout).toEqual([success]);
  });

  test('the TypeScript sample succeeds', async () => {
    const module = sample('ts');
    expect(module).toContain(`tasks.${id}(`);
    const output = printed[id.replace(/User(?=Tasks?$)/, '')];
    expect(output).toBeDefined();
    expect(await runTypeScript(module)).toMatch(output ?? '');
  });
});

describe('the introduction', () => {
  const { description = '' } = loadContract().info;
  const blocks = (language: string) =>
    [...description.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
      ([, block = '']) => block,
    );
  const curls = blocks('sh').filter((block) => block.includes('curl '));

  test('has commands to run', () => {
    expect(curls.length).toBeGreaterThanOrEqual(3);
    expect(blocks('ts').length).toBeGreaterThanOrEqual(1);
  });

  test.runIf(hasCurl).each(curls.map((block) => [block.split('\n', 1)[0] ?? '', block]))(
    'its commands succeed: %s',
    async (_start, block) => {
      const more = Array.from({ length: 60 }, (_, index) => ({ title: `Task ${index}` }));
      await insertTasks(service, EXAMPLE_USER, more);
      const { body } = await createClient(service.url, token).list('?limit=50');
      const { statuses, stdout } = await runShell(block, { CURSOR: body.next_cursor ?? '' });
      // A command with its own `-w` prints no status.
      expect(statuses.length).toBe(block.match(/\bcurl (?!.* -w )/g)?.length);
      for (const status of statuses) expect(status, stdout).toMatch(/^2\d\d$/);
    },
  );

  test.runIf(hasCurl)('has commands for the variables that the samples read', async () => {
    const block = curls.find((text) => text.includes('export ID=')) ?? '';
    const { stdout } = await runShell(`unset ID USER_ID\n${block}\necho "$ID $USER_ID"`);
    expect(stdout).toBe(`${EXAMPLE_TASK} ${EXAMPLE_USER}\n`);
  });

  test('its TypeScript code runs', async () => {
    for (const block of blocks('ts')) {
      expect(await runTypeScript(block)).toMatch(/^(Buy milk\n){2}$/);
    }
  });

  test.each(blocks('json').map((block) => [(JSON.parse(block) as { code: string }).code, block]))(
    'has the example of %s as the service sends it',
    async (code, block) => {
      const client = createClient(service.url, token);
      const response =
        code === 'method-not-allowed'
          ? await client.delete('/api/tasks')
          : await client.post('/api/tasks', { colour: 'red' });
      const { request_id } = JSON.parse(block) as { request_id: string };
      expect({ ...(response.body as object), request_id }).toEqual(JSON.parse(block));
    },
  );
});
