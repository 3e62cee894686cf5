import * as fc from 'fast-check';
import { expectProblemCode } from './agree.ts';
import { command } from './command.ts';
import { index } from './inputs.ts';
import { idOf, listPath } from './model.ts';

type Request = readonly [method: string, suffix: string, body?: object];

const body = { title: 'Trespassed' };
const ofTask: Request[] = [
  ['GET', ''],
  ['PUT', '', body],
  ['PATCH', '', body],
  ['PATCH', '/complete'],
  ['DELETE', ''],
];
const ofList: Request[] = [
  ['GET', ''],
  ['POST', '', body],
];

/** Requests another user's task under the own path: not found. */
const takeTask = command(
  'take a task of',
  fc.record({ neighbour: fc.nat(), index, request: fc.constantFrom(...ofTask) }),
  async ({ neighbour, index, request: [method, suffix, body] }, model, { client, neighbours }) => {
    const other = neighbours[neighbour % neighbours.length] ?? model;
    for (const style of ['own', 'user'] as const) {
      const path = `${listPath(style, model.user)}/${idOf(other, index)}${suffix}`;
      expectProblemCode(await client.request(method, path, { body }), 'not-found');
    }
  },
);

/** Requests the path of another user: forbidden, whether the task exists or not. */
const takePath = command(
  'take the path of',
  fc.record({
    neighbour: fc.nat(),
    index: fc.option(index),
    ofTask: fc.constantFrom(...ofTask),
    ofList: fc.constantFrom(...ofList),
  }),
  async ({ neighbour, index, ofTask, ofList }, model, { client, neighbours }) => {
    const other = neighbours[neighbour % neighbours.length] ?? model;
    const [method, suffix, body] = index === null ? ofList : ofTask;
    const task = index === null ? '' : `/${idOf(other, index)}`;
    const path = `${listPath('user', other.user)}${task}${suffix}`;
    expectProblemCode(await client.request(method, path, { body }), 'access-forbidden');
  },
);

/** The commands that must be rejected. */
export const trespasses = [takeTask, takePath];
