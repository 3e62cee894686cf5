import * as fc from 'fast-check';
import type { Schema } from '../support/operations.ts';
import { violation } from '../support/schemas.ts';
import { character, commonCharacters, naughtyTexts, textOf } from './text.ts';

const annotations = ['description', 'default', 'example', 'examples'];
/** The supported keywords of each type. An unsupported one would silently generate invalid values. */
const keywords: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'minProperties', 'additionalProperties'],
  string: ['minLength', 'maxLength', 'pattern', 'format', 'enum'],
  integer: ['minimum', 'maximum', 'format'],
  boolean: [],
  null: [],
};
const formats: readonly unknown[] = ['uuid', 'int32', undefined];

/** The types of a schema. */
export function typesOf({ type }: Schema): string[] {
  return [type].flat().map(String);
}

/** The schemas of an object's fields. */
export function fieldsOf({ properties = {} }: Schema): [string, Schema][] {
  return Object.entries(properties as Record<string, Schema>);
}

/** @throws on a keyword or format that the generator does not know, and on an unbounded string or number */
export function assertKnown(schema: Schema): void {
  const types = typesOf(schema);
  const known = ['type', ...annotations, ...types.flatMap((type) => keywords[type] ?? [])];
  for (const keyword of Object.keys(schema)) {
    if (!known.includes(keyword))
      throw new Error(`the generator does not know ${keyword} of ${types.join()}`);
  }
  if (!types.every((type) => type in keywords) || !formats.includes(schema['format']))
    throw new Error(`the generator does not know ${JSON.stringify(schema)}`);
  if (types.includes('object') && schema['additionalProperties'] !== false)
    throw new Error('the generator does not know open objects');
  if (types.includes('string') && !('enum' in schema)) bound(schema, 'maxLength');
  if (types.includes('integer')) {
    bound(schema, 'minimum');
    bound(schema, 'maximum');
  }
}

/** Whether a value matches the schema and can be sent: well-formed and without NUL. */
export function isValid(schema: Schema, value: unknown): boolean {
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\0'))) return false;
  return violation(schema, value) === undefined;
}

/** Any valid value of a schema. */
export function validValue(schema: Schema): fc.Arbitrary<unknown> {
  assertKnown(schema);
  return fc.oneof(...typesOf(schema).map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return validObject(schema);
    case 'string':
      return validText(schema);
    case 'integer':
      return fc.integer({ min: bound(schema, 'minimum'), max: bound(schema, 'maximum') });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constant(null);
  }
}

function validObject(schema: Schema): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const fields = fieldsOf(schema).map(([name, field]) => [name, validValue(field)] as const);
  const requiredKeys = (schema['required'] ?? []) as string[];
  return fc
    .record(Object.fromEntries(fields), { requiredKeys, noNullPrototype: true })
    .filter((value) => isValid(schema, value));
}

/** Any valid value of a string schema. */
export function validText(schema: Schema): fc.Arbitrary<string> {
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as string[]));
  const min = Number(schema['minLength'] ?? 0);
  const max = bound(schema, 'maxLength');
  const candidates = [textOf(character, min, max), fc.constantFrom(...naughtyTexts)];
  if (schema['format'] === 'uuid') candidates.push(fc.uuid());
  if (schema['pattern'] !== undefined) {
    const pattern = patternOf(schema);
    const fitting = commonCharacters.filter((char) => pattern.test(char));
    candidates.push(fc.stringMatching(pattern));
    if (fitting.length > 0) candidates.push(textOf(fc.constantFrom(...fitting), min, max));
  }
  return fc.oneof(...candidates).filter((text) => isValid(schema, text));
}

/** The pattern of a string schema, with the semantics of JSON Schema. */
export function patternOf({ pattern }: Schema): RegExp {
  return new RegExp(String(pattern), 'u');
}

/** The value of a limiting keyword. Throws if it is missing. */
export function bound(schema: Schema, keyword: string): number {
  const value = schema[keyword];
  if (typeof value !== 'number')
    throw new Error(`there is no ${keyword} in ${JSON.stringify(schema)}`);
  return value;
}
