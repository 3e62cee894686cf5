import type { BrowserContext } from 'playwright-core';

/** What pages complained about, and what nobody should have to see. */
export interface Complaints {
  /** Says that a complaint is right to come; one that does not come is a complaint as well. */
  expect(...patterns: RegExp[]): void;
  /** Says that complaints may come, such as those of tries whose number nobody knows. */
  allow(...patterns: RegExp[]): void;
  /** What came and was not expected, and what was expected and did not come. */
  unexpected(): string[];
}

/** How requests end while a service stops, which refuses new ones with 503, is down, and starts. */
export const SERVICE_DOWN = [/^503 \w+ \/api\//, /^net::ERR_(CONNECTION_\w+|EMPTY_RESPONSE) /];

/** What Chromium says of every response that is an error, and of every request that fails; these are noted themselves. */
const ECHO = 'Failed to load resource:';
/** What Chromium says when it cannot check for a new service worker, because the test is offline. */
const NO_UPDATE = 'An unknown error occurred when fetching the script.';
/** The page, or its end, has ended a request itself: one of its own, or one for its scripts to which the service worker was responding. */
const ABORTED = /^(net::ERR_ABORTED |net::ERR_FAILED GET (\/todo)?\/_next\/static\/)/;

/**
 * Notes what goes wrong in the pages of a context: what they write to the console, exceptions, violations of the content
 * security policy, requests to foreign origins, requests that fail and responses that are errors, as `401 GET /path`.
 */
export async function noteComplaints(
  context: BrowserContext,
  origins: readonly string[],
): Promise<Complaints> {
  const noted: string[] = [];
  const expected: RegExp[] = [];
  const allowed: RegExp[] = [];
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'info' && !text.startsWith(ECHO) && text !== NO_UPDATE)
      noted.push(`${message.type()}: ${text}`);
  });
  context.on('weberror', (error) => noted.push(`exception: ${String(error.error())}`));
  context.on('request', (request) => {
    const { protocol, origin, href } = new URL(request.url());
    if (/^https?:$/.test(protocol) && !origins.includes(origin)) noted.push(`foreign: ${href}`);
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    const line = `${reason} ${request.method()} ${pathOf(request.url())}`;
    if (!ABORTED.test(line)) noted.push(line);
  });
  context.on('response', (response) => {
    if (response.status() < 400) return;
    noted.push(`${response.status()} ${response.request().method()} ${pathOf(response.url())}`);
  });
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
    console.error('violation of', event.violatedDirective, 'by', event.blockedURI, event.sourceFile, event.lineNumber, event.sample);
  })`);
  return {
    expect: (...patterns) => expected.push(...patterns),
    allow: (...patterns) => allowed.push(...patterns),
    unexpected: () => [
      ...noted.filter((line) => ![...expected, ...allowed].some((pattern) => pattern.test(line))),
      ...expected
        .filter((pattern) => !noted.some((line) => pattern.test(line)))
        .map((pattern) => `did not come: ${String(pattern)}`),
    ],
  };
}

const pathOf = (url: string) => new URL(url).pathname;
