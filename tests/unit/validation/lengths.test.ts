import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { replaceLengthKeywords } from '../../../src/validation/lengths.ts';

const original = new Ajv2020();
const fast = new Ajv2020();
replaceLengthKeywords(fast);

const LONGEST = 5;
const schemas = Array.from({ length: LONGEST }, (_, limit) => [
  { type: 'string', maxLength: limit },
  { type: 'string', minLength: limit },
  { type: 'string', minLength: 1, maxLength: limit, pattern: 'x' },
]).flat();
/** A letter, a character of two code units, and halves of one. */
const characters = ['x', '\u{1F600}', '\uD83D', '\uDE00'];
const texts = [''];
for (let length = 0; length < LONGEST; length++) {
  const longest = texts.filter((text) => text.length >= length);
  texts.push(...longest.flatMap((text) => characters.map((character) => text + character)));
}

test.each(schemas)('has the result of Ajv for %j', (schema) => {
  const expected = original.compile(schema);
  const actual = fast.compile(schema);
  for (const text of texts) {
    expect(actual(text), text).toBe(expected(text));
    expect(actual.errors, text).toEqual(expected.errors);
  }
});
