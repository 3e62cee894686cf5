import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { TaskMeta } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import { describeMachine } from '../../../../bench/support/machine.ts';
import { isLong, isPartial } from './size.ts';

interface Row {
  /** What was done. */
  readonly done: string;
  readonly promised: string;
  readonly seen: string;
  /** Whether the promise was kept; by default, if the test passes. */
  readonly holds?: boolean;
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

/** Prints the table at the end of a run. After a complete run, writes it to docs/faults.md. */
export default class FaultsReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const sections = modules.map((module) => {
      const tests = [...module.children.allTests()];
      const rows = tests.flatMap((test) => {
        const { state } = test.result();
        if (state === 'skipped') return [rowOf(test.fullName, '', 'not tested')];
        const mark = state === 'passed' ? '' : '**not held**: ';
        const recorded = test.meta().faults ?? [];
        if (recorded.length === 0) return [rowOf(test.fullName, '', `${mark}no measurement`)];
        return recorded.map(({ done, promised, seen, holds }) =>
          rowOf(done, promised, (holds ? '' : mark) + seen),
        );
      });
      return ['| fault | expected | observed |', '| --- | --- | --- |', ...rows].join('\n');
    });
    const tables = sections.join('\n\n');
    process.stdout.write(`\n${tables}\n\n`);
    if (isPartial()) return;
    const document = [
      '# Faults',
      '`make faults` injects faults into the service and its surroundings, on one machine. This page shows the results of the latest run.\n\n- A write is **lost** if its response was 201 but its task is not stored, and **duplicated** if it created several tasks.\n- After an error response or a lost connection, the client repeats the write with the same idempotency key. Some of these writes are not repeated, to check whether they were stored. They may be: if the connection to the database fails during a statement, its outcome is unknown.',
      describeMachine(versions()),
      tables,
      '',
    ].join('\n\n');
    writeFileSync('docs/faults.md', document.trimEnd() + '\n');
    spawnSync('oxfmt', ['docs/faults.md']);
  }
}

const rowOf = (...cells: string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The versions of the programs of the operating system that the tests use. */
const versions = () =>
  ['nginx -v', 'haproxy -v', 'pgbouncer --version'].flatMap((command) => {
    const [program = '', option = ''] = command.split(' ');
    const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;
    const { stdout, stderr } = spawnSync(program, [option], {
      encoding: 'utf8',
      env: { ...process.env, PATH },
    });
    const [, version] = /(\d+\.\d+\.\d+)/.exec(`${stdout} ${stderr}`) ?? [];
    return version === undefined ? [] : [`${program} ${version}`];
  });
