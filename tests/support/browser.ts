import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** The headless shell comes first: the full browser also renders a window for each context, which takes twice the CPU time. */
const NAMES = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
];

const { CHROMIUM = '' } = process.env;

/** The path of Chromium: the value of `CHROMIUM`, or the first one on `PATH`, or Playwright's. Undefined if none is installed. */
export const chromiumPath = CHROMIUM === '' ? (firstOnPath() ?? playwrightPath()) : CHROMIUM;

/** Starts a headless Chromium that makes no network requests except those of its pages. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
    args: [
      '--disable-gpu',
      // The pages of tests do not live long enough for optimised code.
      '--js-flags=--no-turbofan,--no-maglev',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // Chromium does not start as root with its sandbox. All pages belong to the project.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

let running: Promise<Browser> | undefined;

/** The Chromium that all tests of this process share; each test opens its own context. Playwright stops it when the process exits. */
export function sharedChromium(): Promise<Browser> {
  running ??= launchChromium();
  return running;
}

function firstOnPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function playwrightPath(): string | undefined {
  const path = chromium.executablePath();
  return isExecutable(path) ? path : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
