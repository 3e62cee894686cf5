import type { Reporter, SerializedError, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { contractOutline } from './contract-outline.ts';

/**
 * Prints, at the end of a complete run, the documented statuses of each operation that the services under test have
 * returned. The run fails if one is missing. Prints nothing if only some projects, files or tests were run.
 */
export default class ContractCoverage implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    _errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): Promise<void> {
    if (reason === 'interrupted' || !(await this.#isComplete(modules))) return;
    const seen = new Set(modules.flatMap((module) => module.meta().responses ?? []));
    const { text, missing } = tabulate(seen);
    process.stdout.write(`${text}\n`);
    if (missing.length === 0) return;
    process.stdout.write(` Not returned in any test: ${missing.join(', ')}\n\n`);
    process.exitCode = 1;
  }

  async #isComplete(modules: readonly TestModule[]): Promise<boolean> {
    if (!this.#vitest) return false;
    if (this.#vitest.getGlobalTestNamePattern() || this.#vitest.config.project.length > 0)
      return false;
    return modules.length === (await this.#vitest.globTestSpecifications()).length;
  }
}

/** The table of operations and statuses, and the documented statuses that were not returned. */
function tabulate(seen: ReadonlySet<string>): { text: string; missing: string[] } {
  const operations = contractOutline();
  const statuses = [...new Set(operations.flatMap((operation) => operation.statuses))].toSorted();
  const cells = operations.flatMap(({ operationId, statuses: documented }) =>
    documented.map((status) => `${operationId} ${status}`),
  );
  const missing = cells.filter((cell) => !seen.has(cell));

  const width = Math.max(...operations.map(({ operationId }) => operationId.length));
  const rows = operations.map(({ operationId, statuses: documented }) => {
    const marks = statuses.map((status) => {
      if (!documented.includes(status)) return '   ';
      return seen.has(`${operationId} ${status}`) ? ' ✓ ' : ' ✗ ';
    });
    return ` ${operationId.padEnd(width)}  ${marks.join('  ')}`.trimEnd();
  });
  const title = `Contract coverage: ${cells.length - missing.length} of ${cells.length} documented responses were seen`;
  const head = ` ${' '.repeat(width)}  ${statuses.join('  ')}`;
  return { text: ['', ` ${title}`, '', head, ...rows, ''].join('\n'), missing };
}
