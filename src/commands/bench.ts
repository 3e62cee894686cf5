import { randomUUID } from 'node:crypto';
import { readConfig } from '../config.ts';
import { ConfigError } from '../errors/config-error.ts';
import { developmentToken } from './token.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** The requests of one turn. Each turn creates its own task and deletes it. */
const STEPS = [
  ['create', 'POST', () => '/api/tasks', { title: 'Measured by tasks-api bench' }],
  ['read', 'GET', (id: string) => `/api/tasks/${id}`],
  ['list', 'GET', () => '/api/tasks'],
  ['complete', 'PATCH', (id: string) => `/api/tasks/${id}/complete`],
  ['delete', 'DELETE', (id: string) => `/api/tasks/${id}`],
] as const;

/** Response times in ms by request, and the number of responses that are errors by their status and code. */
interface Results {
  readonly times: Map<string, number[]>;
  readonly errors: Map<string, number>;
}

/**
 * Sends requests to a running service and prints their throughput and response times. The client shares the CPU of the
 * service if both run on one machine.
 *
 * @param options.seconds 1 to 600, in decimal digits
 * @param options.connections the number of concurrent requests, 1 to 1000, in decimal digits
 * @throws {ConfigError} when an option is invalid, the service is not reachable, or the token is rejected
 */
export async function bench(
  options: Readonly<Partial<Record<'url' | 'token' | 'seconds' | 'connections', string>>>,
): Promise<void> {
  const seconds = readInteger('--seconds', options.seconds ?? '10', 600);
  const connections = readInteger('--connections', options.connections ?? '10', 1000);
  const url = readUrl(options.url ?? `http://localhost:${readConfig().port}`);
  const token = options.token ?? (await developmentToken(`bench-${randomUUID()}`));
  const send = (method: string, path: string, body?: object) =>
    fetch(url + path, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  await expectAccess(url, send);

  const results: Results = { times: new Map(STEPS.map(([name]) => [name, []])), errors: new Map() };
  const start = performance.now();
  const end = start + seconds * 1000;
  const connection = async () => {
    while (performance.now() < end) await takeTurn(send, results);
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const elapsed = (performance.now() - start) / 1000;
  // The user of a given token keeps their other data.
  if (options.token === undefined) await send('DELETE', '/api/me');
  process.stdout.write(reportOf(results, elapsed));
}

type Send = (method: string, path: string, body?: object) => Promise<Response>;

async function takeTurn(send: Send, { times, errors }: Results): Promise<void> {
  let id = '';
  for (const [name, method, path, body] of STEPS) {
    const start = performance.now();
    const problem = await send(method, path(id), body).then(
      async (response) => {
        const content = (await response.json().catch(() => ({}))) as { id?: string; code?: string };
        if (name === 'create') id = content.id ?? '';
        return response.ok ? undefined : `${response.status} ${content.code ?? ''}`.trim();
      },
      (error: unknown) => reasonOf(error),
    );
    if (problem === undefined) times.get(name)?.push(performance.now() - start);
    else errors.set(problem, (errors.get(problem) ?? 0) + 1);
    if (id === '') return;
  }
}

async function expectAccess(url: string, send: Send): Promise<void> {
  const response = await send('GET', '/api/me').catch((error: unknown) => {
    throw new ConfigError(
      `--url: no service responds at ${url} (${reasonOf(error)}); start one: tasks-api serve`,
    );
  });
  await response.body?.cancel();
  if (response.status === 401)
    throw new ConfigError(
      '--token: the service rejects the token; run the command with the settings of the service, or pass a valid token',
    );
  if (!response.ok)
    throw new ConfigError(`--url: GET ${url}/api/me responds with ${response.status}`);
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name: string };
  return cause?.code ?? name;
}

function reportOf({ times, errors }: Results, seconds: number): string {
  const lines = [...times].map(([name, values]) => {
    const sorted = values.toSorted((one, other) => one - other);
    const at = (fraction: number) =>
      (sorted[Math.max(Math.ceil(sorted.length * fraction) - 1, 0)] ?? NaN).toFixed(1);
    return [name, (values.length / seconds).toFixed(0), at(0.5), at(0.99)];
  });
  const total = [...times.values()].reduce((sum, { length }) => sum + length, 0);
  const table = [['request', 'per second', 'p50 ms', 'p99 ms'], ...lines]
    .map(
      ([name = '', ...cells]) => `${name.padEnd(10)}${cells.map((c) => c.padStart(12)).join('')}`,
    )
    .join('\n');
  const failures = [...errors].map(([problem, count]) => `  ${count} × ${problem}\n`).join('');
  return `${table}

${total} responses in ${seconds.toFixed(1)} s, ${(total / seconds).toFixed(0)} per second; ${failures === '' ? 'no errors.\n' : `errors:\n${failures}`}`;
}

function readUrl(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new ConfigError(`--url: "${text}" is not a URL such as http://localhost:8000`);
  return text.replace(/\/+$/, '');
}

function readInteger(option: string, text: string, max: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new ConfigError(`${option}: "${text}" is not an integer from 1 to ${max}`);
}
