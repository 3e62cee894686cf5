import { expect, test } from 'vitest';
import {
  divide,
  findLists,
  type LongBody,
  serializeInTurns,
} from '../../../src/validation/long-response.ts';

const SLICE = 100;
const lists = findLists({
  properties: {
    items: { type: 'array', maxItems: 1000 },
    others: { type: 'array', maxItems: 1000 },
    few: { type: 'array', maxItems: SLICE },
    unique: { type: 'array', maxItems: 1000, uniqueItems: true } as object,
    text: { type: 'string' },
  },
});

const itemsOf = (count: number) => Array.from({ length: count }, (_, id) => ({ id, text: 'é😀"' }));

function long(body: object): LongBody {
  const divided = divide(body, lists);
  if (!divided) throw new Error('not long');
  return divided;
}

test('only lists whose parts can be validated are divided', () => {
  expect([...lists.keys()]).toEqual(['items', 'others']);
});

test.each([undefined, null, {}, { items: null }, { items: itemsOf(SLICE), others: [] }])(
  'a body without a long list is not divided',
  (body) => {
    expect(divide(body, lists)).toBeUndefined();
  },
);

test.each([
  { items: itemsOf(101), others: [] },
  { user: { name: 'Zoë' }, items: itemsOf(999), others: itemsOf(200), next: null },
  { items: [], missing: undefined, others: itemsOf(1000), 'a "name"': [1] },
])('a long body is serialised as JSON.stringify does', async (body) => {
  const seen: unknown[] = [];
  const json = await serializeInTurns(long(body), (part) => seen.push(part));
  expect(json.toString()).toBe(JSON.stringify(body));
  expect(seen).toHaveLength(Math.ceil(Math.max(body.items.length, body.others.length) / SLICE));
});

test('long bodies have one part in each turn of the event loop, together', async () => {
  const perTurn: number[] = [0];
  const order: string[] = [];
  let counter: NodeJS.Immediate;
  const count = () => {
    perTurn.push(0);
    counter = setImmediate(count);
  };
  counter = setImmediate(count);
  const serialise = (name: string) =>
    serializeInTurns(long({ items: itemsOf(500) }), () => {
      order.push(name);
      perTurn.push((perTurn.pop() ?? 0) + 1);
    });
  await Promise.all(['a', 'b'].map(serialise));
  clearImmediate(counter);
  expect(order.join('')).toBe('ababababab');
  expect(Math.max(...perTurn)).toBe(1);
});

test('an invalid part fails the body', async () => {
  const validate = ({ items }: { items?: { id: number }[] }) => {
    if (items?.some(({ id }) => id === 350)) throw new Error('350 is invalid');
  };
  await expect(serializeInTurns(long({ items: itemsOf(500) }), validate)).rejects.toThrow('350');
});

test('a list that is too long fails', () => {
  expect(() => long({ items: itemsOf(1001) })).toThrow('items must NOT have more than 1000 items');
});
