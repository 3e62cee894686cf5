import * as fc from 'fast-check';
import type { Operation, RequestBody, Schema } from '../../support/operations.ts';
import type { Body, Call } from '../call.ts';
import { character, naughtyTexts, textOf } from '../text.ts';
import { fieldsOf, isValid, validValue } from '../valid-values.ts';
import { wrongValue } from '../wrong-values.ts';
import { invalid, type Mutation, type ExpectedProblem } from './mutation.ts';

interface WrongBody {
  readonly how: string;
  readonly expected: ExpectedProblem;
  readonly json: string;
}

/** Schema errors of a JSON body. */
export function bodyMutations({ requestBody }: Operation): fc.Arbitrary<Mutation>[] {
  if (!requestBody) return [];
  return Object.entries(requestBody.content).flatMap(([mediaType, { schema }]) =>
    [
      ...fieldsOf(schema).map(([name, field]) => wrongField(schema, name, field)),
      ...((schema['required'] ?? []) as string[]).map((name) => missingField(schema, name)),
      ...(Number(schema['minProperties'] ?? 0) > 0 ? [fc.constant(noFields)] : []),
      unknownField(schema),
      fc.constantFrom(...noObjects),
      ...(requestBody.required ? [fc.constant(emptyBody)] : []),
    ].map((wrongs) => wrongs.map((wrong) => toMutation(mediaType, wrong))),
  );
}

function toMutation(mediaType: string, { how, expected, json }: WrongBody): Mutation {
  const body: Body = { mediaType, bytes: Buffer.from(json), chunked: false };
  return { how: `body: ${how}`, expected, apply: (call) => ({ ...call, body }) };
}

const ofBody = invalid('body', 'body');
/** One object, because a schema is compiled once per object. */
const anything: Schema = {};
const noFields: WrongBody = { how: 'no fields', expected: ofBody, json: '{}' };
const emptyBody: WrongBody = { how: 'empty', expected: ofBody, json: '' };
const noObjects = [
  'null',
  'true',
  '0',
  '-0',
  '1e400',
  '""',
  '"title"',
  '[]',
  '[{"title":"a"}]',
].map((json): WrongBody => ({ how: 'no object', expected: ofBody, json }));

function wrongField(schema: Schema, name: string, field: Schema): fc.Arbitrary<WrongBody> {
  return fc.tuple(validFields(schema), wrongValue(field)).map(([valid, { how, value }]) => ({
    how: `${name}: ${how}`,
    expected: invalid('body', name),
    json: JSON.stringify({ ...valid, [name]: value }),
  }));
}

function missingField(schema: Schema, name: string): fc.Arbitrary<WrongBody> {
  return validFields(schema).map((valid) => ({
    how: `${name}: missing`,
    expected: invalid('body', name),
    json: JSON.stringify({ ...valid, [name]: undefined }),
  }));
}

/** Includes names with a meaning in JavaScript, such as `__proto__`; the field is therefore added to the text. */
function unknownField(schema: Schema): fc.Arbitrary<WrongBody> {
  const known = fieldsOf(schema).map(([name]) => name);
  const near = known.flatMap((name) => [name.toUpperCase(), ` ${name}`, `${name}\u200b`]);
  const special = ['__proto__', 'constructor', 'toString', '', 'id', 'a/b', 'a~b', 'a~1b', 'body'];
  const names = fc.oneof(
    fc.constantFrom(...near, ...special, ...naughtyTexts),
    textOf(character, 1, 300),
  );
  return fc
    .tuple(
      validFields(schema),
      names.filter((name) => !known.includes(name)),
      fc.jsonValue().filter((value) => isValid(anything, value)),
    )
    .map(([valid, name, value]) => ({
      how: 'unknown field',
      expected: invalid('body', name),
      json: JSON.stringify(valid).replace(
        /^\{/,
        () =>
          `{${JSON.stringify(name)}:${JSON.stringify(value)}${Object.keys(valid).length > 0 ? ',' : ''}`,
      ),
    }));
}

function validFields(schema: Schema): fc.Arbitrary<object> {
  return validValue(schema) as fc.Arbitrary<object>;
}

/** A request with another body, and the same media type if it has one. */
export function withBytes(call: Call, bytes: Uint8Array, { content }: RequestBody): Call {
  const mediaType = call.body?.mediaType ?? Object.keys(content)[0];
  return { ...call, body: { mediaType, bytes, chunked: call.body?.chunked ?? false } };
}
