import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { createTasksClient } from '@tasks-api/client';
import { chromiumPath } from '../tests/support/browser.ts';

/** Fetched when it is needed: it brings more than a hundred packages, for this command alone. */
const LIGHTHOUSE = 'lighthouse@13.5.0';
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const PAGES = ['/sign-in', '/sign-up', '/tasks', '/account'];
const DEVICES = { phone: [], desktop: ['--preset=desktop'] };
const TASKS = 30;

const { URL: app = 'http://localhost:3000', SERVICE_URL: service = 'http://localhost:8000' } =
  process.env;

/** Prints Lighthouse's scores, 0 to 100, of each page of a running application, as a phone and as a desktop. */
const session = await signUp();
try {
  print(['page', 'device', ...CATEGORIES]);
  for (const page of PAGES) {
    for (const [device, options] of Object.entries(DEVICES)) {
      const cookie = ['/tasks', '/account'].includes(page) ? session.cookie : undefined;
      print([page, device, ...(await scores(`${app}${page}`, options, cookie))]);
    }
  }
} finally {
  await session.end();
}

/** A new user with some tasks, deleted at the end. */
async function signUp() {
  const password = randomUUID();
  const post = async (path: string, body: object, cookie = '') => {
    const reply = await fetch(`${app}/api/auth${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: app, Cookie: cookie },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    if (!reply?.ok)
      throw new Error(`${app} does not answer as the application; start it with: make app`);
    return reply;
  };
  const email = `${randomUUID()}@example.com`;
  const signedUp = await post('/sign-up/email', { name: 'Lighthouse', email, password });
  const cookie = signedUp.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const reply = await fetch(`${app}/api/auth/token`, { headers: { Cookie: cookie } });
  const { token } = (await reply.json()) as { token: string };
  const client = createTasksClient({ baseUrl: service, token: () => token });
  for (let n = 1; n <= TASKS; n += 1) await client.createTask({ body: { title: `Task ${n}` } });
  return { cookie, end: () => post('/delete-user', { password }, cookie) };
}

async function scores(url: string, options: string[], cookie?: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      '--yes',
      LIGHTHOUSE,
      url,
      '--quiet',
      '--output=json',
      `--only-categories=${CATEGORIES.join(',')}`,
      '--chrome-flags=--headless=new --no-sandbox',
      ...(cookie === undefined ? [] : [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`]),
      ...options,
    ],
    { env: { ...process.env, CHROME_PATH: chromiumPath }, maxBuffer: 2 ** 26 },
  );
  const { categories, audits } = JSON.parse(stdout) as Report;
  for (const { id, score, scoreDisplayMode } of Object.values(audits)) {
    if (score === 0 && scoreDisplayMode === 'binary') process.stderr.write(`  failed: ${id}\n`);
  }
  return CATEGORIES.map((category) => String(Math.round(categories[category].score * 100)));
}

interface Report {
  readonly categories: Record<(typeof CATEGORIES)[number], { readonly score: number }>;
  readonly audits: Record<
    string,
    { readonly id: string; readonly score: number | null; readonly scoreDisplayMode: string }
  >;
}

function print([page = '', device = '', ...figures]: string[]): void {
  const columns = figures.map((figure) => figure.padStart(16)).join('');
  process.stdout.write(`${page.padEnd(10)}${device.padEnd(9)}${columns}\n`);
}
