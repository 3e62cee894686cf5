import { afterAll, beforeAll, describe, test } from 'vitest';
import { operationOf, operations, type Operation } from '../support/operations.ts';
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
let worldOfRevocations: World;

beforeAll(async () => {
  [world, worldOfRevocations] = await Promise.all([createWorld(), createWorld()]);
});
afterAll(async () => {
  progress.finish();
  await Promise.all([world.service.stop(), worldOfRevocations.service.stop()]);
});

async function check(operation: Operation, attempt: Attempt, world: World): Promise<void> {
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

const checkAll = (operation: Operation, world: World, runs: number) =>
  holdsForAll({
    name: operation.operationId,
    value: attempts(operation),
    check: (attempt) => check(operation, attempt, world),
    show: ({ how, call }) =>
      `${how}; its service has stopped, so replace the origin, the token and the ids:\n${curlLine(world.service.url, toRequest(call, world))}`,
    runs,
    seconds,
  });

const TIMEOUT = { timeout: 1000 * (120 + (seconds ?? 0)) };

// Revocations mostly wait, so they run beside the other operations, on another service.
describe.concurrent('requests generated from the contract', () => {
  test('revokeTokens', TIMEOUT, () =>
    checkAll(operationOf('revokeTokens'), worldOfRevocations, RUNS_OF_REVOCATIONS),
  );

  describe('to the other operations', () => {
    const others = operations.filter(({ operationId }) => operationId !== 'revokeTokens');
    test.each(others.map((operation) => [operation.operationId, operation] as const))(
      '%s',
      { ...TIMEOUT, concurrent: false },
      (_name, operation) => checkAll(operation, world, RUNS),
    );
  });
});
