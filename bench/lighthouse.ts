/**
 * Prints Lighthouse's scores, 0 to 100, of each page of a running application, as a phone and as a desktop: the medians of
 * some runs.
 */

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTasksClient } from '@tasks-api/client';
import { chromiumPath } from '../tests/support/browser.ts';

/** Fetched on demand: it has more than a hundred dependencies, which only this command needs. */
const LIGHTHOUSE = 'lighthouse@13.5.0';
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const PAGES = ['/sign-in', '/sign-up', '/tasks', '/account'];
const DEVICES = { phone: [], desktop: ['--preset=desktop'] };
const TASKS = 30;
/** A single run is not reliable if other processes use the machine. */
const RUNS = 3;
const TRIES = 3;

const { URL: app = 'http://localhost:3000', SERVICE_URL: service = 'http://localhost:8000' } =
  process.env;

/** The audits that some page did not pass. */
const failed = new Set<string>();

await using folder = await mkdtempDisposable(join(tmpdir(), 'tasks-api-lighthouse-'));
await using session = await signUp();
await addTasks(session.cookie);
// Not among the arguments of Lighthouse, which every user of the machine can read.
const signedIn = join(folder.path, 'headers.json');
await writeFile(signedIn, JSON.stringify({ Cookie: session.cookie }), { mode: 0o600 });

print(['page', 'device', ...CATEGORIES]);
for (const page of PAGES) {
  for (const [device, options] of Object.entries(DEVICES)) {
    const headers = ['/tasks', '/account'].includes(page) ? signedIn : undefined;
    const runs: number[][] = [];
    while (runs.length < RUNS) runs.push(await scores(`${app}${page}`, options, headers));
    print([page, device, ...CATEGORIES.map((_, n) => median(runs.map((run) => run[n] ?? 0)))]);
  }
}
if (failed.size > 0) process.stdout.write(`Not passed: ${[...failed].join(', ')}\n`);

/** A new user, deleted at the end. */
async function signUp() {
  const password = randomUUID();
  const post = async (path: string, body: object, cookie = '') => {
    const response = await fetch(`${app}/api/auth${path}`, {
      method: 'POST',
      // The calls are minutes apart, and the server closes idle connections in between.
      headers: {
        'Content-Type': 'application/json',
        Connection: 'close',
        Origin: app,
        Cookie: cookie,
      },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    if (response?.ok) return response;
    throw new Error(`${app} does not respond like the application; start it with: make app`);
  };
  const email = `${randomUUID()}@example.com`;
  const signedUp = await post('/sign-up/email', { name: 'Lighthouse', email, password });
  const cookie = signedUp.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return {
    cookie,
    async [Symbol.asyncDispose]() {
      await post('/delete-user', { password }, cookie).catch(() => {
        // Reported instead of thrown, because an exception would replace an earlier error.
        process.stderr.write(`The account of ${email} could not be deleted\n`);
        process.exitCode = 1;
      });
    },
  };
}

async function addTasks(cookie: string): Promise<void> {
  const response = await fetch(`${app}/api/auth/token`, { headers: { Cookie: cookie } });
  const { token } = (await response.json()) as { token: string };
  const client = createTasksClient({ baseUrl: service, token: () => token });
  for (let n = 1; n <= TASKS; n += 1) await client.createTask({ body: { title: `Task ${n}` } });
}

/**
 * The scores of a page in the order of the categories.
 *
 * @param headers the path of a JSON file
 */
async function scores(url: string, options: string[], headers?: string): Promise<number[]> {
  const { categories, audits } = await report(url, [
    '--quiet',
    '--output=json',
    `--only-categories=${CATEGORIES.join(',')}`,
    '--chrome-flags=--headless=new --no-sandbox',
    ...(headers === undefined ? [] : [`--extra-headers=${headers}`]),
    ...options,
  ]);
  for (const { id, score, scoreDisplayMode } of Object.values(audits)) {
    if (score === 0 && scoreDisplayMode === 'binary') failed.add(id);
  }
  return CATEGORIES.map((category) => Math.round(categories[category].score * 100));
}

interface Report {
  readonly categories: Record<(typeof CATEGORIES)[number], { readonly score: number }>;
  readonly audits: Record<
    string,
    { readonly id: string; readonly score: number | null; readonly scoreDisplayMode: string }
  >;
}

async function report(url: string, options: string[], tries = TRIES): Promise<Report> {
  try {
    const { stdout } = await promisify(execFile)('npx', ['--yes', LIGHTHOUSE, url, ...options], {
      env: { ...process.env, CHROME_PATH: chromiumPath },
      maxBuffer: 2 ** 26,
    });
    return JSON.parse(stdout) as Report;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    // Sometimes the browser misses the beginning of a page, and asks to run it again.
    if (tries > 1 && said.includes('run Lighthouse again')) return report(url, options, tries - 1);
    process.stderr.write(`${said}\n`);
    throw new Error(`Lighthouse did not measure ${url}`, { cause: error });
  }
}

function median(figures: number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)] ?? 0;
}

function print([page, device, ...figures]: (string | number)[]): void {
  const columns = figures.map((figure) => String(figure).padStart(16)).join('');
  process.stdout.write(`${String(page).padEnd(10)}${String(device).padEnd(9)}${columns}\n`);
}
