import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadContract } from '../../src/contract.ts';
import { createClient } from '../support/client.ts';
import { EXAMPLE_TASK, EXAMPLE_USER, seedExample } from '../support/example.ts';
import { operations } from '../support/operations.ts';
import { administer } from '../support/server.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { insertTasks } from '../support/tasks.ts';

const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

const FOLDER = 'openapi/samples';
const BASE_URL = 'http://localhost:8000';

/** What the TypeScript samples print. */
const printed: Record<string, RegExp> = {
  listTasks: /title: 'Buy milk'.*\nBuy milk\n$/s,
  createTask: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n$/,
  getTask: /^Buy milk "3"\n$/,
  updateTask: /^Buy oat milk true\n$/,
  patchTask: /^"4"\n$/,
  completeTask: /^true\n$/,
  deleteTask: /^deleted\n$/,
  getCurrentUser: new RegExp(`^${EXAMPLE_USER} Alice\n$`),
  getLiveness: /^ok\n$/,
  getReadiness: /^ok\n$/,
};

let service: TestService;
let token: string;
let curlHome: string;

beforeAll(async () => {
  service = await startTestService();
  curlHome = await mkdtemp(join(tmpdir(), 'tasks-api-curl-'));
  await writeFile(
    join(curlHome, '.curlrc'),
    String.raw`silent
show-error
write-out = "\n%{response_code}\n"
`,
  );
});
afterAll(async () => {
  await rm(curlHome, { recursive: true });
  await service.stop();
});
beforeEach(async () => {
  await administer(service.databaseUrl, 'delete from users');
  token = await seedExample(service);
  // The version of the contract's examples.
  await administer(service.databaseUrl, 'update tasks set version = 3');
});

const forService = (text: string) => text.replaceAll(BASE_URL, service.url);

/** Runs shell commands as they are, but for the address. Returns the statuses that curl got, and what came with them. */
async function runShell(script: string, variables: Record<string, string> = {}) {
  const { stdout } = await run('bash', ['-euc', forService(script)], {
    env: { ...process.env, ...variables, TOKEN: token, CURL_HOME: curlHome },
  });
  const statuses = stdout.split('\n').filter((line) => /^\d{3}$/.test(line));
  return { statuses, stdout };
}

/** Runs a TypeScript module as it is, but for the address. Returns what it printed. */
async function runTypeScript(module: string): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module-typescript', '--eval', forService(module)],
    { env: { ...process.env, TOKEN: token } },
  );
  return stdout;
}

test('every operation has a sample in each language, and no sample is without its operation', () => {
  const expected = operations.flatMap(({ operationId: id }) => [`${id}.sh`, `${id}.ts`]);
  expect(readdirSync(FOLDER).toSorted()).toEqual(expected.toSorted());
});

describe.each(operations)('$operationId', ({ operationId: id, replies }) => {
  const sample = (extension: string) => readFileSync(`${FOLDER}/${id}.${extension}`, 'utf8');

  test.runIf(hasCurl)('the sample for curl succeeds', async () => {
    const { statuses, stdout } = await runShell(sample('sh'));
    const success = Object.keys(replies).find((status) => status.startsWith('2'));
    expect(statuses, stdout).toEqual([success]);
  });

  test('the sample in TypeScript succeeds', async () => {
    const module = sample('ts');
    expect(module).toContain(`tasks.${id}(`);
    const output = printed[id.replace(/User(?=Tasks?$)/, '')];
    expect(output).toBeDefined();
    expect(await runTypeScript(module)).toMatch(output ?? '');
  });
});

describe('the text', () => {
  const { description = '' } = loadContract().info;
  const blocks = (language: string) =>
    [...description.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
      ([, block = '']) => block,
    );
  const curls = blocks('sh').filter((block) => block.startsWith('curl '));

  test('has something to run', () => {
    expect(curls.length).toBeGreaterThanOrEqual(3);
    expect(blocks('ts').length).toBeGreaterThanOrEqual(1);
  });

  test.runIf(hasCurl).each(curls.map((block) => [block.split('\n', 1)[0] ?? '', block]))(
    'runs with %s',
    async (_start, block) => {
      const more = Array.from({ length: 60 }, (_, index) => ({ title: `Task ${index}` }));
      await insertTasks(service, EXAMPLE_USER, more);
      const { body } = await createClient(service.url, token).list('?limit=50');
      const variables = { ID: EXAMPLE_TASK, CURSOR: body.next_cursor ?? '' };
      const { statuses, stdout } = await runShell(block, variables);
      expect(statuses.length).toBe(block.match(/^curl /gm)?.length);
      for (const status of statuses) expect(status, stdout).toMatch(/^2\d\d$/);
    },
  );

  test('runs with the client', async () => {
    for (const block of blocks('ts')) {
      expect(await runTypeScript(block)).toMatch(/^(Buy milk\n){2}$/);
    }
  });

  test.each(blocks('json').map((block) => [(JSON.parse(block) as { code: string }).code, block]))(
    'shows %s as it is sent',
    async (code, block) => {
      const client = createClient(service.url, token);
      const reply =
        code === 'method-not-allowed'
          ? await client.delete('/api/tasks')
          : await client.post('/api/tasks', { colour: 'red' });
      const { request_id } = JSON.parse(block) as { request_id: string };
      expect({ ...(reply.body as object), request_id }).toEqual(JSON.parse(block));
    },
  );
});
