import { expect, test } from 'vitest';
import { type DefaultedBody, type DefaultedQuery, loadContract } from '../../src/contract.ts';
import { operations, parametersIn } from '../support/operations.ts';

const queryNames: Record<string, true> = {
  status: true,
  sort: true,
  limit: true,
  cursor: true,
} satisfies Record<DefaultedQuery, true>;
const bodyNames: Record<string, string[]> = {
  createTask: ['completed'],
  createUserTask: ['completed'],
} satisfies { [Id in keyof DefaultedBody]: DefaultedBody[Id][] };

test.each(operations)(
  '$operationId: the defaults that its handler relies on are those of the contract',
  (operation) => {
    const query = parametersIn('query', operation);
    expect(query.filter(({ schema }) => 'default' in schema).map(({ name }) => name)).toEqual(
      query.map(({ name }) => name).filter((name) => name in queryNames),
    );
    const [content] = Object.values(operation.requestBody?.content ?? {});
    const { properties = {} } = (content?.schema ?? {}) as { properties?: Record<string, object> };
    const withDefault = Object.entries(properties).filter(([, schema]) => 'default' in schema);
    expect(withDefault.map(([name]) => name)).toEqual(bodyNames[operation.operationId] ?? []);
  },
);

/** The paths of the properties in a part of the contract that have a default of their own, not by a reference. */
function ownDefaults(part: unknown, path = ''): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]: [string, unknown]) => {
    const here = `${path}/${key}`;
    const found = /\/properties\/[^/]+\/default$/.test(here) ? [here] : [];
    return [...found, ...ownDefaults(value, here)];
  });
}

// Such as openapi-typescript, which then requires the property in requests.
test('no property has a default of its own, which generators of clients read in different ways', () => {
  expect(ownDefaults(loadContract())).toEqual([]);
  expect(ownDefaults({ properties: { completed: { default: false } } })).toHaveLength(1);
});
