import * as fc from 'fast-check';
import type { Schema } from '../support/operations.ts';
import { character, commonCharacters, naughtyTexts, textOf } from './text.ts';
import { assertKnown, bound, isValid, patternOf, typesOf, validText } from './valid-values.ts';

/** An invalid value, and how it violates its schema. */
export interface Wrong<Value = unknown> {
  readonly how: string;
  readonly value: Value;
}

type WrongTexts = readonly (readonly [how: string, fc.Arbitrary<string>])[];

const otherThanText = [null, true, 0, 1, 1.5, -1, 1e21, [], ['a'], {}, { a: 1 }];

/** A JSON value that violates a schema. */
export function wrongValue(schema: Schema): fc.Arbitrary<Wrong> {
  assertKnown(schema);
  const type = ['type', fc.constantFrom<unknown[]>(...otherThanText, '', 'true', '1')] as const;
  const strings = typesOf(schema).includes('string') ? wrongStrings(schema) : [];
  return oneOf(schema, [type, ...strings]);
}

/** A text that is invalid for a parameter of this schema. */
export function wrongText(schema: Schema): fc.Arbitrary<Wrong<string>> {
  assertKnown(schema);
  return typesOf(schema).includes('integer')
    ? wrongNumber(schema)
    : oneOf(schema, wrongStrings(schema));
}

function oneOf<Value>(
  schema: Schema,
  wrongs: readonly (readonly [string, fc.Arbitrary<Value>])[],
): fc.Arbitrary<Wrong<Value>> {
  const each = wrongs.map(([how, values]) => values.map((value) => ({ how, value })));
  return fc.oneof(...each).filter(({ value }) => !isValid(schema, value) && canBeRead(value));
}

/** Whether a value only violates the schema and is not malformed. */
function canBeRead(value: unknown): boolean {
  return typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'));
}

/** Texts that are likely invalid. Valid ones are filtered out later. */
function wrongStrings(schema: Schema): WrongTexts {
  const naughty = ['naughty', fc.constantFrom(...naughtyTexts)] as const;
  if (Array.isArray(schema['enum'])) {
    const near = (schema['enum'] as string[]).flatMap((text) => [
      text.toUpperCase(),
      text.slice(0, -1),
      `${text} `,
      `${text},${text}`,
    ]);
    return [
      ['stranger', fc.oneof(fc.constantFrom('', ...near), textOf(character, 0, 30))],
      naughty,
    ];
  }
  const min = Number(schema['minLength'] ?? 0);
  const max = bound(schema, 'maxLength');
  const wrongs: (readonly [string, fc.Arbitrary<string>])[] = [
    ['too long by one', longerByOne(schema, max)],
  ];
  // With a format, most of these strings are invalid; as free text, few are.
  if (schema['pattern'] !== undefined) wrongs.push(naughty);
  if (min > 0) wrongs.push(['too short by one', shorterByOne(schema, min)]);
  if (schema['pattern'] !== undefined) wrongs.push(['pattern', patternBreaker(schema, min, max)]);
  if (schema['format'] === 'uuid') wrongs.push(['format', wrongUuid(schema)]);
  return wrongs;
}

function longerByOne(schema: Schema, max: number): fc.Arbitrary<string> {
  return fc
    .tuple(validText(schema), character)
    .map(([text, char]) => [...text.padEnd(max, 'x'), ...Array<string>(max).fill(char)])
    .map((characters) => characters.slice(0, max + 1).join(''));
}

function shorterByOne(schema: Schema, min: number): fc.Arbitrary<string> {
  return validText(schema).map((text) => [...text].slice(0, min - 1).join(''));
}

function patternBreaker(schema: Schema, min: number, max: number): fc.Arbitrary<string> {
  const pattern = patternOf(schema);
  const unfit = fc.constantFrom(...commonCharacters.filter((char) => !pattern.test(char)));
  const withOneUnfit = fc
    .tuple(validText(schema), unfit, fc.nat())
    .map(([text, char, position]) => [...text].with(position % [...text].length, char).join(''));
  return fc.oneof(textOf(unfit, min, max), withOneUnfit);
}

function wrongUuid(schema: Schema): fc.Arbitrary<string> {
  return validText(schema).chain((uuid) =>
    fc.constantFrom(
      `urn:uuid:${uuid}`,
      `{${uuid}}`,
      uuid.replaceAll('-', ''),
      uuid.replace('-', ''),
      `g${uuid.slice(1)}`,
      ` ${uuid.slice(1)}`,
      `${uuid.slice(1)}\n`,
    ),
  );
}

/** Texts that are not a number of the schema in decimal notation. */
function wrongNumber(schema: Schema): fc.Arbitrary<Wrong<string>> {
  const min = bound(schema, 'minimum');
  const max = bound(schema, 'maximum');
  const isRight = (text: string) =>
    /^-?(0|[1-9][0-9]*)$/.test(text) && Number(text) >= min && Number(text) <= max;
  const unusual = [
    '1e1',
    '0x10',
    '0b1',
    '-0',
    '1.0',
    '1.5',
    ' 1',
    '1 ',
    '+1',
    '01',
    '١',
    '1,5',
    '1_0',
  ];
  const nonNumbers = [
    '',
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    'true',
    'ten',
    '1e400',
    '9'.repeat(400),
  ];
  const ways = [
    ['bounds', fc.constantFrom(String(min - 1), String(max + 1), String(-max))],
    ['bounds', fc.integer().map(String)],
    ['number', fc.constantFrom(...unusual)],
    ['type', fc.constantFrom(...nonNumbers)],
    ['type', textOf(character, 0, 10)],
    ['naughty', fc.constantFrom(...naughtyTexts)],
  ] as const;
  return fc
    .oneof(...ways.map(([how, texts]) => texts.map((value) => ({ how, value }))))
    .filter(({ value }) => !isRight(value) && canBeRead(value));
}
