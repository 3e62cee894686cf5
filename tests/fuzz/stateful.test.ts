import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';
import { createProgress } from './progress.ts';
import { holdsForAll, shareOf } from './run.ts';
import { account } from './stateful/account.ts';
import { bursts } from './stateful/bursts.ts';
import type { Command } from './stateful/command.ts';
import { commands } from './stateful/commands.ts';
import { listed, walk } from './stateful/lists.ts';
import { createModel, listPath, type Model } from './stateful/model.ts';
import { trespasses } from './stateful/trespass.ts';

/** Takes 15 seconds on two cores. */
const RUNS = 140;
const seconds = shareOf(0.3);
const USERS = 3;
const NAME = 'concurrent users see what their models predict';

/** Twice as often as deletions of users, so that there are data to delete. */
const others = [...commands, ...bursts, ...trespasses].map((arbitrary) => ({
  arbitrary,
  weight: 2,
}));
const sequence = fc.array(fc.oneof(...account, ...others), { maxLength: 30, size: 'max' });
const sequences = fc.array(sequence, { minLength: USERS, maxLength: USERS });

const service = useService();
const progress = createProgress('commands');
afterAll(() => {
  progress.finish();
});

/** Runs the commands of all users concurrently, and checks their lists at the end. */
async function runAll(all: readonly (readonly Command[])[]): Promise<void> {
  const models = all.map(() => createModel(`ü/${randomUUID()}`));
  // Otherwise the log of a long run would fill the memory.
  service.log.length = 0;
  const ends = await Promise.allSettled(models.map((model, turn) => run(model, all[turn] ?? [])));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;

  async function run(model: Model, commands: readonly Command[]): Promise<void> {
    const client = createClient(service.url, await tokenOf(model.user));
    const neighbours = models.filter((other) => other !== model);
    const counted = commands.map((command) => ({ ...command, run: counting(command) }));
    await fc.asyncModelRun(() => ({ model, real: { client, neighbours } }), counted);
    const list = { status: 'all', sort: 'created', order: 'asc' } as const;
    const found = await walk(client, listPath('own', model.user), list, 100);
    expect(found).toEqual(listed(model, list));
  }
}

function counting(command: Command): Command['run'] {
  return async (model, real) => {
    await command.run(model, real);
    progress.count(command.name, 'as the model');
  };
}

const show = (all: readonly (readonly Command[])[]) =>
  all
    .map((commands, turn) => [`User ${turn + 1}:`, ...commands.map(String)].join('\n  '))
    .join('\n');

test(NAME, { timeout: 1000 * (300 + (seconds ?? 0)) }, async () => {
  await holdsForAll({
    name: NAME,
    value: sequences,
    check: runAll,
    show,
    runs: RUNS,
    seconds,
  });
});
