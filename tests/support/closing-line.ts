import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Prints each failed test with its errors and their lines at the end of a test run, and `N passed, M failed` as the very last line, with
 * `, K skipped` if tests were skipped. Failures outside a test (in an import, a hook or a teardown) count as failed.
 */
export default class ClosingLine implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  readonly #failures: string[] = [];

  onInit(): void {
    // Vitest closes its servers and runs the teardown after its own summary; nothing is printed after this.
    process.once('exit', (exitCode) => {
      const { passed, failed, skipped } = this.#counts;
      const failures = exitCode === 0 ? failed : Math.max(failed, 1);
      process.stdout.write(
        [
          ...this.#failures.map((failure) => `FAILED ${failure}`),
          `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
        ].join('\n'),
      );
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    for (const { message } of unhandledErrors) this.#fail(message);
    for (const module of modules) {
      const file = module.relativeModuleId;
      for (const suite of [module, ...module.children.allSuites()]) {
        const [error] = suite.errors();
        if (error) this.#fail(`${file}: ${error.message}`);
      }
      for (const test of module.children.allTests()) {
        const { state, errors = [] } = test.result();
        if (state === 'failed') {
          const reasons = errors.map(({ message, stacks }) => {
            const place = stacks?.find((frame) => frame.file === module.moduleId);
            return `${message.split('\n', 1)[0]}${place ? ` (line ${place.line})` : ''}`;
          });
          this.#fail([`${file} > ${test.fullName}`, ...reasons].join(': '));
        } else this.#counts[state === 'pending' ? 'skipped' : state]++;
      }
    }
  }

  #fail(failure: string): void {
    this.#counts.failed++;
    this.#failures.push(failure.split('\n', 1)[0] ?? failure);
  }
}
