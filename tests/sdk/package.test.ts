import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectBuiltClient } from '../support/built-client.ts';
import { MACHINE_PATH } from '../support/machine-path.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

expectBuiltClient();
const run = promisify(execFile);

const PROGRAM = `
import { createTasksClient, isTasksError, type Task, type Versioned } from '@tasks-api/client';

const { API_URL = '', TOKEN = '' } = process.env;
const tasks = createTasksClient({ baseUrl: API_URL, token: () => TOKEN });
const task: Versioned<Task> = await tasks.createTask({ body: { title: 'Buy milk' } });
await tasks.patchTask({ path: { id: task.id }, body: { completed: true }, ifMatch: task.etag });
try {
  await tasks.deleteTask({ path: { id: task.id }, ifMatch: task.etag });
} catch (error) {
  if (!isTasksError(error) || error.code !== 'precondition-failed') throw error;
}
for await (const { title, completed } of tasks.allTasks()) console.log(title, completed);
`;
const MISTAKES = `
import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({ baseUrl: '', token: () => '' });
declare const maybe: { etag: string } | undefined;
void tasks.getTask({ path: { id: '' }, ifNoneMatch: maybe?.etag, signal: undefined });
void tasks.listTasks({ query: { cursor: maybe?.etag } });
// @ts-expect-error the title is missing
void tasks.createTask({ body: {} });
// @ts-expect-error no such field
void tasks.createTask({ body: { title: '', colour: 'red' } });
// @ts-expect-error no such status
void tasks.listTasks({ query: { status: 'done' } });
// @ts-expect-error createTask has no ifMatch
void tasks.createTask({ body: { title: '' }, ifMatch: '"1"' });
// @ts-expect-error the id is missing
void tasks.getTask();
// @ts-expect-error the task may be undefined
void tasks.getTask({ path: { id: '' }, ifNoneMatch: '"1"' }).then((task) => task.title);
`;

/** The output of `npm pack`. */
interface Packed {
  readonly filename: string;
}

const service = useService();
let folder: string;
let tarball: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tasks-api-client-'));
  // Packs the existing build; without `--ignore-scripts`, npm would build again.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const packed = JSON.parse((await run('npm', pack, { cwd: 'sdk' })).stdout) as Packed[];
  tarball = join(folder, packed[0]?.filename ?? '');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
  await writeFile(join(folder, 'main.ts'), PROGRAM);
  await writeFile(join(folder, 'mistakes.ts'), MISTAKES);
  environment = { API_URL: service.url, TOKEN: await tokenOf('alice') };
});
afterAll(() => rm(folder, { recursive: true }));

describe('installed into an empty project', () => {
  test.each([['nodenext'], ['bundler']])(
    'it compiles in strict mode, with %s',
    async (resolution) => {
      const options = {
        strict: true,
        exactOptionalPropertyTypes: true,
        target: 'es2022',
        lib: ['es2023', 'dom', 'dom.iterable'],
        module: resolution === 'bundler' ? 'esnext' : 'nodenext',
        moduleResolution: resolution,
        types: ['node'],
        typeRoots: [join(process.cwd(), 'node_modules/@types')],
      };
      const config = JSON.stringify({
        compilerOptions: options,
        files: ['main.ts', 'mistakes.ts'],
      });
      await writeFile(join(folder, 'tsconfig.json'), config);
      const result = await run('tsc', ['-p', folder]).catch((error: unknown) => error);
      expect(result).toMatchObject({ stdout: '', stderr: '' });
    },
  );

  test.each([
    ['the Node of the project', process.execPath],
    ['the Node of the machine', 'node'],
  ])('it runs with %s', async (_name, node) => {
    const { stdout } = await run(node, ['main.js'], {
      cwd: folder,
      env: { PATH: MACHINE_PATH, ...environment },
    });
    expect(stdout).toMatch(/^Buy milk true\n/);
  });

  test('it installs no other package', async () => {
    const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, unknown>;
    };
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/@tasks-api/client']);
  });
});

describe('bundled for browsers and edge runtimes', () => {
  const bundle = async (format: 'esm' | 'iife') => {
    const { outputFiles } = await build({
      stdin: { contents: `export * from '@tasks-api/client'`, resolveDir: folder },
      bundle: true,
      minify: true,
      write: false,
      platform: 'neutral',
      format,
      globalName: 'tasksApi',
    });
    return Buffer.from(outputFiles[0]?.contents ?? []);
  };

  test('it is below 8 kB', async () => {
    expect(gzipSync(await bundle('esm'), { level: 9 }).length).toBeLessThan(8_000);
  });

  test('it uses only web APIs', async () => {
    const { fetch, Headers, Request, Response, URL, AbortController, AbortSignal, crypto } =
      globalThis;
    const web = {
      fetch,
      Headers,
      Request,
      Response,
      URL,
      AbortController,
      AbortSignal,
      crypto,
      Uint8Array,
    };
    const context = createContext({ ...web, setTimeout, clearTimeout, ...environment });
    const code = String(await bundle('iife'));
    const title: unknown = await runInContext(
      `${code}
      const tasks = tasksApi.createTasksClient({ baseUrl: API_URL, token: () => TOKEN });
      tasks.createTask({ body: { title: 'From the edge' } }).then(({ title }) => title);`,
      context,
    );
    expect(title).toBe('From the edge');
  });
});
