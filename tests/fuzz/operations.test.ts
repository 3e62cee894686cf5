import { afterAll, beforeAll, describe, test } from 'vitest';
import { operations, type Operation } from '../support/operations.ts';
import { attempts, type Attempt } from './attempt.ts';
import { checkResponse } from './check.ts';
import { curlLine } from './curl.ts';
import { createProgress } from './progress.ts';
import { toRequest } from './request.ts';
import { holdsForAll, shareOf } from './run.ts';
import { send } from './send.ts';
import { createWorld, type World } from './world.ts';

/** Requests per operation; all of them take half a minute on two cores. */
const RUNS = 1200;
/** A revocation takes effect at the end of the current second. */
const RUNS_OF_REVOCATIONS = 30;

/** The share of each operation in a timed run. */
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
  const response = await send(world.service.port, toRequest(call, world));
  // Otherwise the log of a long run would fill the memory.
  world.service.log.length = 0;
  progress.count(operation.operationId, response.status);
  checkResponse(attempt, response);
  if (call.method === 'DELETE' && response.status === 204) {
    if (operation.operationId === 'deleteCurrentUser') await world.replaceTasks(call.caller);
    if (operation.operationId === 'revokeTokens') await world.replaceTokens(call.caller);
    for (const part of call.path)
      if (typeof part === 'object' && 'task' in part)
        await world.replaceTask(call.caller, part.task);
  }
}

describe('requests generated from the contract', () => {
  test.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s',
    { timeout: 1000 * (120 + (seconds ?? 0)) },
    async (name, operation) => {
      await holdsForAll({
        name,
        value: attempts(operation),
        check: (attempt) => check(operation, attempt),
        show: ({ how, call }) =>
          `${how}; its service has stopped, so replace the origin, the token and the ids:\n${curlLine(world.service.url, toRequest(call, world))}`,
        runs: name === 'revokeTokens' ? RUNS_OF_REVOCATIONS : RUNS,
        seconds,
      });
    },
  );
});
