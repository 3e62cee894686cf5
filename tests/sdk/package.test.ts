import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectBuiltClient } from '../support/built-client.ts';
import { MACHINE_PATH } from '../support/machine-path.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

expectBuiltClient();
const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** Is valid in ES modules and in CommonJS. */
const PROGRAM = `
import { createTasksClient, isTasksError, type Task, type Versioned } from '@tasks-api/client';

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
const { API_URL = '', TOKEN = '' } = process.env;

async function main() {
  const tasks = createTasksClient({ baseUrl: API_URL, token: () => TOKEN });
  const task: Versioned<Task> = await tasks.createTask({ body: { title: 'Buy milk' } });
  const path = { id: task.id };
  await tasks.updateTask({ path, body: { ...task, completed: true }, ifMatch: task.etag });
  try {
    await tasks.deleteTask({ path, ifMatch: task.etag });
  } catch (error) {
    if (!isTasksError(error) || error.code !== 'precondition-failed') throw error;
  }
  for await (const { title, completed } of tasks.allTasks()) console.log(title, completed);
}
void main();
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
  await writeFile(join(folder, 'main.mts'), PROGRAM);
  await writeFile(join(folder, 'main.cts'), PROGRAM);
  await writeFile(join(folder, 'mistakes.ts'), MISTAKES);
  environment = { API_URL: service.url, TOKEN: await tokenOf('alice') };
});
afterAll(() => rm(folder, { recursive: true }));

describe('installed into an empty project', () => {
  describe.each([
    ['5.0', require.resolve('typescript-5.0/bin/tsc')],
    ['of the project', require.resolve('typescript/bin/tsc')],
  ])('with TypeScript %s', (_name, tsc) => {
    test.concurrent.each([['bundler'], ['node16'], ['nodenext']])(
      'it compiles in strict mode, with %s',
      async (moduleResolution) => {
        const compilerOptions = {
          strict: true,
          exactOptionalPropertyTypes: true,
          target: 'es2022',
          lib: ['es2022', 'dom', 'dom.iterable'],
          module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
          moduleResolution,
          outDir: moduleResolution === 'nodenext' ? '.' : moduleResolution,
          types: [],
          // Checks the declarations of the package, and not those of the compiler.
          skipDefaultLibCheck: true,
        };
        const config = { compilerOptions, files: ['main.mts', 'main.cts', 'mistakes.ts'] };
        const file = join(folder, `tsconfig.${randomUUID()}.json`);
        await writeFile(file, JSON.stringify(config));
        const result = await run(process.execPath, [tsc, '-p', file]).catch(
          (error: unknown) => error,
        );
        expect(result).toMatchObject({ stdout: '', stderr: '' });
      },
    );
  });

  test.each([
    ['an ES module', 'the Node of the project', 'main.mjs', process.execPath],
    ['an ES module', 'the Node of the machine', 'main.mjs', 'node'],
    ['CommonJS', 'the Node of the project', 'main.cjs', process.execPath],
    ['CommonJS', 'the Node of the machine', 'main.cjs', 'node'],
  ])('it runs in %s, with %s', async (_format, _name, file, node) => {
    const { stdout } = await run(node, [file], {
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

test('bundled for browsers and edge runtimes, it is below 8 kB', async () => {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '@tasks-api/client'`, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    platform: 'neutral',
    format: 'esm',
  });
  const [bundle] = outputFiles;
  expect(gzipSync(bundle?.contents ?? '', { level: 9 }).length).toBeLessThan(8_000);
});
