import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { TestApplication } from '../../../support/application.ts';
import { type Complaints, noteComplaints } from './complaints.ts';
import { desktop, type Device, phone } from './devices.ts';
import { lookAt } from './look.ts';
import type { Person } from './person.ts';

/** A browser context of one user, with its first page. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: Complaints;
  /** Opens a page of the application. */
  readonly open: (path: string) => Promise<void>;
  /** Takes screenshots, and expects no accessibility violation; see {@link lookAt}. */
  readonly look: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface VisitorOptions {
  /** The user to sign in; by default, no user is signed in. */
  readonly person?: Person;
  /** For tests that are repeated for each device. By default, a desktop; screenshots are then also taken in the size of a phone. */
  readonly device?: Device;
  readonly options?: BrowserContextOptions;
}

const TIMEOUT_MS = 30_000;

/** Opens a browser context and its first page, and records the problems that its pages report. */
export async function openVisitor(
  app: TestApplication,
  browser: Browser,
  { person, device, options = {} }: VisitorOptions = {},
): Promise<Visitor> {
  const { viewport, options: ofDevice } = device ?? desktop;
  const context = await browser.newContext({
    baseURL: app.url,
    locale: 'en-GB',
    // Tests use self-signed certificates.
    ignoreHTTPSErrors: true,
    viewport,
    ...ofDevice,
    ...options,
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  const { port } = new URL(app.serviceUrl);
  const complaints = await noteComplaints(context, [
    new URL(app.url).origin,
    `http://localhost:${port}`,
  ]);
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
      await page.goto(new URL(app.url).pathname.replace(/\/$/, '') + path);
    },
    look: (name) => lookAt(page, device ? [device] : [phone, desktop], name),
    close: () => context.close(),
  };
}
