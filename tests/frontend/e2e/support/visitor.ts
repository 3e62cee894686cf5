import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { TestApplication } from '../../../support/application.ts';
import { type Complaints, noteComplaints } from './complaints.ts';
import { desktop, type Device, phone } from './devices.ts';
import { lookAt } from './look.ts';
import type { Person } from './person.ts';

/** Somebody at a browser of their own. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: Complaints;
  /** Opens a page of the application. */
  readonly open: (path: string) => Promise<void>;
  /** Takes pictures and expects that axe finds nothing; see {@link lookAt}. */
  readonly look: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface VisitorOptions {
  /** Who is signed in already. */
  readonly person?: Person;
  /** Where the same is done at each device; otherwise it is a desktop, whose window is also made as narrow as a phone. */
  readonly device?: Device;
  readonly options?: BrowserContextOptions;
}

const TIMEOUT_MS = 30_000;

/** Opens a browser context and its first page. What goes wrong in it is noted. */
export async function openVisitor(
  app: TestApplication,
  browser: Browser,
  { person, device, options = {} }: VisitorOptions = {},
): Promise<Visitor> {
  const { viewport, options: ofDevice } = device ?? desktop;
  const context = await browser.newContext({
    baseURL: app.url,
    locale: 'en-GB',
    // The certificate of a test is its own.
    ignoreHTTPSErrors: true,
    viewport,
    ...ofDevice,
    ...options,
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  const { port } = new URL(app.serviceUrl);
  const complaints = await noteComplaints(context, [app.url, `http://localhost:${port}`]);
  const cookies = [...(person?.cookies ?? [])].map(([name, value]) => ({
    name,
    value,
    url: app.url,
    httpOnly: true,
    secure: app.url.startsWith('https:'),
    sameSite: 'Lax' as const,
  }));
  await context.addCookies(cookies);
  const page = await context.newPage();
  return {
    context,
    page,
    complaints,
    open: async (path) => {
      await page.goto(path);
    },
    look: (name) => lookAt(page, device ? [device] : [phone, desktop], name),
    close: () => context.close(),
  };
}
