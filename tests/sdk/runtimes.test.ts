import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { expectBuiltClient } from '../support/built-client.ts';
import { useFaultyServer } from '../support/faulty-server.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

expectBuiltClient();
const run = promisify(execFile);
const service = useService();
const server = useFaultyServer(() => service.url);

/** What an application does, in a function that uses web APIs only. Its result is the same in every runtime. */
const APPLICATION = `async ({ createTasksClient }, baseUrl, value) => {
  const tasks = createTasksClient({ baseUrl, token: () => value });
  const task = await tasks.createTask({ body: { title: 'Buy milk' } });
  const path = { id: task.id };
  const { etag } = await tasks.patchTask({ path, body: { completed: true }, ifMatch: task.etag });
  const unchanged = await tasks.getTask({ path, ifNoneMatch: etag });
  const conflict = await tasks.deleteTask({ path, ifMatch: task.etag }).catch(({ code }) => code);
  const titles = [];
  for await (const { title } of tasks.allTasks()) titles.push(title);
  await tasks.deleteTask({ path });
  const hanging = createTasksClient({ baseUrl, token: () => value, retries: 0 });
  const timeout = await hanging.listTasks({ timeout: 200 }).catch(({ code }) => code);
  const controller = new AbortController();
  const aborted = hanging.listTasks({ signal: controller.signal }).catch(({ name }) => name);
  controller.abort();
  const late = await hanging.listTasks({ signal: controller.signal }).catch(({ name }) => name);
  return [etag, unchanged ?? 'unchanged', conflict, ...titles, timeout, await aborted, late].join();
}`;
const RESULT = '"2",unchanged,precondition-failed,Buy milk,timeout,AbortError,AbortError';

let user = 0;
/** The arguments of the application. The response to its first creation is lost. */
async function newArguments(): Promise<[baseUrl: string, token: string]> {
  // Creation, retry, change, get, deletion, list, deletion; the last two do not end.
  const passing = Array.from({ length: 6 }, () => 'pass' as const);
  server.faults.splice(0, Infinity, 'lose the response', ...passing, 'hang', 'hang');
  user += 1;
  return [server.url, await tokenOf(`in runtime ${user}`)];
}

const require = createRequire(import.meta.url);
/** A program in a package of binaries that `name` depends on: the command of `name` itself needs its install script. */
const binary = (name: string, path: string) =>
  createRequire(require.resolve(`${name}/package.json`)).resolve(path);

const { platform, arch } = process;
const DENO = binary(
  'deno',
  `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}/deno`,
);
const BUN = binary('bun', `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`);

const ENVIRONMENT = { NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' };

test.each([
  ['Node.js', process.execPath, ['--input-type=module', '--eval']],
  ['Deno', DENO, ['eval']],
  ['Bun', BUN, ['--eval']],
])('in %s', async (_name, program, options) => {
  const client = JSON.stringify(import.meta.resolve('@tasks-api/client'));
  const args = (await newArguments()).map((value) => JSON.stringify(value)).join();
  const code = `console.log(await (${APPLICATION})(await import(${client}), ${args}));`;
  const { stdout, stderr } = await run(program, [...options, code], { env: ENVIRONMENT });
  expect(stderr).toBe('');
  expect(stdout.trim()).toBe(RESULT);
});

const { Headers, Response, EventTarget, Event } = globalThis;
const common = { Headers, Response, setTimeout, clearTimeout, Uint8Array };

/** Like Cloudflare: `fetch` cannot be a method, and options of a browser's `Request` are rejected. */
function cloudflare() {
  class Request extends globalThis.Request {
    constructor(input: string, init: RequestInit = {}) {
      for (const name of ['client', 'credentials', 'mode', 'referrer'])
        if (name in init) throw new TypeError(`The '${name}' field is not implemented.`);
      super(input, init);
    }
  }
  function fetch(this: unknown, ...request: Parameters<typeof globalThis.fetch>) {
    if (this !== undefined) throw new TypeError('Illegal invocation');
    return globalThis.fetch(...request);
  }
  const { AbortController, AbortSignal, crypto } = globalThis;
  return { ...common, Request, fetch, AbortController, AbortSignal, crypto };
}

/**
 * Like React Native: no `crypto`, no `URL`, signals without a reason and without static methods, requests without their
 * own signal, bodies that can only be read as text.
 */
function reactNative() {
  class AbortSignal extends EventTarget {
    aborted = false;
  }
  class AbortController {
    readonly signal = new AbortSignal();
    abort() {
      if (this.signal.aborted) return;
      this.signal.aborted = true;
      this.signal.dispatchEvent(new Event('abort'));
    }
  }
  class Request {
    readonly url: string;
    readonly method: string;
    readonly headers: Headers;
    readonly signal: AbortSignal | undefined;
    readonly #body: string;
    constructor(
      url: string,
      init: { method?: string; headers?: Headers; signal?: AbortSignal; body?: string } = {},
    ) {
      this.url = url;
      this.method = init.method ?? 'GET';
      this.headers = new Headers(init.headers);
      this.signal = init.signal;
      this.#body = init.body ?? '';
    }
    text() {
      return Promise.resolve(this.#body);
    }
  }
  async function fetch(url: string, { signal, ...init }: RequestInit & { signal: AbortSignal }) {
    const controller = new globalThis.AbortController();
    if (signal.aborted) controller.abort();
    signal.addEventListener('abort', () => {
      controller.abort();
    });
    const response = await globalThis.fetch(url, { ...init, signal: controller.signal });
    const arrayBuffer = () => Promise.reject(new Error('readAsArrayBuffer is not implemented'));
    return Object.assign(response, { arrayBuffer });
  }
  return { ...common, Request, fetch, AbortController, AbortSignal };
}

test.each([
  ['Cloudflare', cloudflare()],
  ['React Native', reactNative()],
])('with the globals of %s', async (_name, globals) => {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '@tasks-api/client'`, resolveDir: 'sdk' },
    bundle: true,
    write: false,
    platform: 'neutral',
    format: 'iife',
    globalName: 'tasksApi',
  });
  const context = createContext({ ...globals, args: await newArguments() });
  runInContext(outputFiles[0]?.text ?? '', context);
  const result: unknown = await runInContext(`(${APPLICATION})(tasksApi, ...args)`, context);
  expect(result).toBe(RESULT);
});
