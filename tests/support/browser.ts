import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** The headless shell first: Chromium itself opens a window with all its controls for each context, which costs a second. */
const NAMES = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
];

const { CHROMIUM = '' } = process.env;

/** The Chromium of this machine: the one that `CHROMIUM` names, the first on the path, or Playwright's; undefined when there is none. */
export const chromiumPath = CHROMIUM === '' ? (onPath() ?? playwrights()) : CHROMIUM;

/** Starts a headless Chromium that asks nobody for anything but what its pages do. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
    args: [
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // As root it refuses to start with its sandbox; the pages are our own.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

let running: Promise<Browser> | undefined;

/** The Chromium that all tests of this process share, each with its own context. It ends with the process. */
export function sharedChromium(): Promise<Browser> {
  running ??= launchChromium();
  return running;
}

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function playwrights(): string | undefined {
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
