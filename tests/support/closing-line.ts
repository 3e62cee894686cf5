import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Prints `N passed, M failed` as the very last line of a test run, and `, K skipped` if tests were skipped. Failures
 * outside a test (in an import, a hook or a teardown) count as failed.
 */
export default class ClosingLine implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };

  onInit(): void {
    // Vitest closes its servers and runs the teardown after its own summary; nothing is printed after this.
    process.once('exit', (exitCode) => {
      const { passed, failed, skipped } = this.#counts;
      const failures = exitCode === 0 ? failed : Math.max(failed, 1);
      process.stdout.write(
        `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
      );
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    this.#counts.failed += unhandledErrors.length;
    for (const module of modules) {
      for (const suite of [module, ...module.children.allSuites()]) {
        if (suite.errors().length > 0) this.#counts.failed++;
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        this.#counts[state === 'pending' ? 'skipped' : state]++;
      }
    }
  }
}
