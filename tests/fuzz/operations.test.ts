import { afterAll, beforeAll, describe, test } from 'vitest';
import { operations, type Operation } from '../support/operations.ts';
import { attempts, type Attempt } from './attempt.ts';
import { checkReply } from './check.ts';
import { curlLine } from './curl.ts';
import { createProgress } from './progress.ts';
import { toRequest } from './request.ts';
import { holdsForAll, shareOf } from './run.ts';
import { send } from './send.ts';
import { createWorld, type World } from './world.ts';

/** Of each operation; a quarter of a minute for all of them on two cores. */
const RUNS = 500;

/** The share of each operation in a run by time. */
const seconds = shareOf(0.7 / operations.length);
const progress = createProgress('requests');
let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  progress.finish();
  await world.service.stop();
});

async function check(operation: Operation, attempt: Attempt): Promise<void> {
  const { call } = attempt;
  const reply = await send(world.service.port, toRequest(call, world));
  // A long run would fill the memory with what is logged.
  world.service.log.length = 0;
  progress.count(operation.operationId, reply.status);
  checkReply(attempt, reply);
  if (call.method === 'DELETE' && reply.status === 204) {
    if (operation.operationId === 'deleteCurrentUser') await world.replaceTasks(call.caller);
    for (const part of call.path)
      if (typeof part === 'object' && 'task' in part)
        await world.replaceTask(call.caller, part.task);
  }
}

describe('requests made from the contract', () => {
  test.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s',
    { timeout: 1000 * (120 + (seconds ?? 0)) },
    async (name, operation) => {
      await holdsForAll({
        name,
        value: attempts(operation),
        check: (attempt) => check(operation, attempt),
        show: ({ how, call }) =>
          `${how}; its service has stopped, so replace the address, the token and the ids:\n${curlLine(world.service.url, toRequest(call, world))}`,
        runs: RUNS,
        seconds,
      });
    },
  );
});
