import type { Browser } from 'playwright-core';
import { beforeAll, expect, inject, onTestFinished } from 'vitest';
import type { OwnApplication, TestApplication } from '../../../support/application.ts';
import { sharedChromium } from '../../../support/browser.ts';
import { openVisitor, type Visitor, type VisitorOptions } from './visitor.ts';

/** An application and a browser for tests. */
export interface Stage<Application extends TestApplication = TestApplication> {
  readonly app: Application;
  /** Opens a browser context, which is closed at the end of the test. The test fails if a page reports an unexpected problem. */
  readonly visitor: (options?: VisitorOptions) => Promise<Visitor>;
}

/** The application that all files of a test run share. Each test creates its own users. */
export function useStage(): Stage;
/** A separate application for the tests of this block, which need other settings or stop the service. */
export function useStage(start: () => Promise<OwnApplication>): Stage<OwnApplication>;
export function useStage(start?: () => Promise<OwnApplication>): Stage {
  let app: TestApplication | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await sharedChromium();
    const own = await start?.();
    app = own ?? inject('application');
    return () => own?.stop();
  });
  const started = () => {
    if (!app || !browser) throw new Error('The application is not started yet: use it in a test');
    return { app, browser };
  };
  return {
    get app() {
      return started().app;
    },
    async visitor(options) {
      const { app, browser } = started();
      const visitor = await openVisitor(app, browser, options);
      onTestFinished(async () => {
        await visitor.close();
        expect(visitor.complaints.unexpected().join('\n')).toBe('');
      });
      return visitor;
    },
  };
}
