import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { startTestApplication, type TestApplication } from '../../../support/application.ts';
import { launchChromium } from '../../../support/browser.ts';
import { openVisitor, type Visitor, type VisitorOptions } from './visitor.ts';

/** The application and a browser, for the tests of a file. */
export interface Stage {
  readonly app: TestApplication;
  /** Opens a browser window of somebody's own until the test ends, which fails when a page had anything to complain about. */
  visitor(options?: VisitorOptions): Promise<Visitor>;
}

/** Sets the stage before the tests of this block, and clears it after them. */
export function useStage(start: () => Promise<TestApplication> = startTestApplication): Stage {
  let app: TestApplication | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const launching = launchChromium();
    app = await start();
    browser = await launching;
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });
  const set = () => {
    if (!app || !browser) throw new Error('The stage is set by beforeAll');
    return { app, browser };
  };
  return {
    get app() {
      return set().app;
    },
    async visitor(options) {
      const { app, browser } = set();
      const visitor = await openVisitor(app, browser, options);
      onTestFinished(async () => {
        await visitor.close();
        expect(visitor.complaints.unexpected()).toEqual([]);
      });
      return visitor;
    },
  };
}
