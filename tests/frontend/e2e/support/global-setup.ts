import type { TestProject } from 'vitest/node';
import { startTestApplication, type TestApplication } from '../../../support/application.ts';
import { copyDatabase } from '../../../support/database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The application that all browser tests share. */
    application: TestApplication;
  }
}

/** Starts one application for all browser tests. Vitest calls the returned function at the end of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { databaseUrl: server, templateDatabase } = project.getProvidedContext();
  const application = await startTestApplication({
    database: copyDatabase(server, templateDatabase),
  });
  const { url, frontendUrl, serviceUrl, databaseUrl } = application;
  project.provide('application', { url, frontendUrl, serviceUrl, databaseUrl });
  return () => application.stop();
}
