import { writeFileSync } from 'node:fs';
import type { TaskMeta } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import { describeMachine } from '../../../../bench/support/machine.ts';
import { isLong } from './size.ts';

interface Row {
  /** What was done. */
  readonly done: string;
  readonly promised: string;
  readonly seen: string;
}

declare module 'vitest' {
  interface TaskMeta {
    /** What a test of faults has done and seen. */
    faults?: Row[];
  }
}

/** Adds a row to the table that `make faults` prints at its end. */
export function record({ meta }: { readonly meta: TaskMeta }, row: Row): void {
  (meta.faults ??= []).push(row);
}

/** Prints a line of progress, with `make faults` only. */
export function progress(line: string): void {
  if (isLong) process.stderr.write(`  ${line}\n`);
}

/** Prints the table at the end of a run, and writes it to docs/faults.md if all tests were run. */
export default class FaultsReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const rows = tests.flatMap((test) => {
      const holds = test.result().state === 'passed';
      return (test.meta().faults ?? []).map((row) => ({ ...row, holds }));
    });
    const cell = (text: string) => text.replaceAll('|', '\\|');
    const lines = rows.map(
      ({ done, promised, seen, holds }) =>
        `| ${cell(done)} | ${cell(promised)} | ${holds ? '' : '✗ '}${cell(seen)} |`,
    );
    const table = ['| what was done | promised | seen |', '| --- | --- | --- |', ...lines].join('\n');
    process.stdout.write(`\n${table}\n\n`);
  }
}
