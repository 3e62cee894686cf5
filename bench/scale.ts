/**
 * Measures whether a page of a list costs the same however many tasks there are: one user with 1,000,000 tasks beside 100,000
 * users with 100 tasks each, against a database with 100 tasks. Writes `bench/scale.md`.
 */

import { writeFile } from 'node:fs/promises';
import { runCommand } from '../src/commands/run-command.ts';
import type { List } from '../src/tasks/list-query.ts';
import { startDatabase } from './support/database.ts';
import { interruption } from './support/interruption.ts';
import { lists, openReader, type Page, type PageReader } from './support/list-pages.ts';
import { describeMachine } from './support/machine.ts';
import { table } from './support/markdown.ts';
import { createProgress } from './support/progress.ts';
import { LARGE_USER, loadLarge, loadSmall, readRows, SMALL_USER } from './support/scale-data.ts';
import { median, type Spread, spreadOf } from './support/statistics.ts';

/** Many short rounds: a disturbance by another process then affects few of them. */
const ROUNDS = 21;
const MILLISECONDS = 80;
/** The largest ratio that meets the target. */
const LIMIT = 1.2;
const HEADER = [
  'list',
  'small database',
  'first page',
  'middle',
  'deep',
  'user with 100 tasks',
  'buffers',
];
const print = (line: string) => process.stdout.write(`${line}\n`);

await runCommand(run);

async function run(): Promise<void> {
  const interrupted = interruption();
  const rows = readRows();
  print('Starting PostgreSQL …');
  await using database = await startDatabase();
  await database.createMigrated('small');
  await database.createMigrated('large');
  await loadSmall(database.url('small'));
  await loadLarge(database.url('large'), rows, (line) => {
    interrupted.throwIfAborted();
    print(line);
  });
  await using small = await openReader(database.url('small'));
  await using large = await openReader(database.url('large'));

  const results: Result[] = [];
  const progress = createProgress(lists.length);
  for (const list of lists) {
    interrupted.throwIfAborted();
    const result = await measureList(list, small, large);
    results.push(result);
    progress(rowOf(result).join('  '));
  }
  const report = [
    '# A page of a large database',
    describeMachine([`PostgreSQL ${database.version}`]),
    `A page of 20 tasks of a user with ${count(rows / 11)} of ${count(rows)} tasks, and of a user with 100 of them, against the first page in a database with 100 tasks: ratios of PostgreSQL's CPU time, medians of ${ROUNDS} rounds, and the buffers of 8 kB that are read.`,
    table(HEADER, results.map(rowOf)),
    verdict(results),
  ].join('\n\n');
  await writeFile(new URL('scale.md', import.meta.url), `${report}\n`);
  print(`\n${verdict(results)} The table is in bench/scale.md.`);
}

function count(number: number): string {
  return Math.floor(number).toLocaleString('en');
}

interface Result {
  readonly list: List;
  /** CPU time of the first page of the small database in µs. */
  readonly reference: number;
  readonly referenceBuffers: number;
  readonly pages: readonly { readonly ratio: Spread; readonly buffers: number }[];
}

/** Measures the pages of a list in turn, several times. */
async function measureList(list: List, small: PageReader, large: PageReader): Promise<Result> {
  const reference: Page = { userId: SMALL_USER, list };
  const { middle, deep } = await large.positions(LARGE_USER, list);
  const pages: Page[] = [
    { userId: LARGE_USER, list },
    { userId: LARGE_USER, list, after: middle },
    { userId: LARGE_USER, list, after: deep },
    { userId: SMALL_USER, list },
  ];
  const references: number[] = [];
  const ratios: number[][] = pages.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    const cpu = await small.cpu(reference, MILLISECONDS);
    references.push(cpu);
    for (const [n, page] of pages.entries())
      ratios[n]?.push((await large.cpu(page, MILLISECONDS)) / cpu);
  }
  const measured: Result['pages'][number][] = [];
  for (const [n, page] of pages.entries())
    measured.push({ ratio: spreadOf(ratios[n] ?? []), buffers: await large.buffers(page) });
  return {
    list,
    reference: median(references),
    referenceBuffers: await small.buffers(reference),
    pages: measured,
  };
}

function rowOf({ list, reference, referenceBuffers, pages }: Result): string[] {
  return [
    `${list.status}, ${list.sort}, ${list.order}`,
    `${reference.toFixed(0)} µs`,
    ...pages.map(({ ratio }) => ratio.median.toFixed(2)),
    [referenceBuffers, ...pages.map(({ buffers }) => buffers)].join(' · '),
  ];
}

function verdict(results: readonly Result[]): string {
  const ratios = results.flatMap(({ pages }) => pages.map(({ ratio }) => ratio.median));
  const { max } = spreadOf(ratios);
  const met = max <= LIMIT ? 'met' : 'not met';
  return `The largest ratio is ${max.toFixed(2)}; the target is at most ${LIMIT}: ${met}.`;
}
