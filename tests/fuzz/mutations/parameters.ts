import * as fc from 'fast-check';
import { parametersIn, type Operation, type Parameter } from '../../support/operations.ts';
import { withHeader, withPathValue, withQuery } from '../call.ts';
import { encoded } from '../encoding.ts';
import { character, naughtyTexts, textOf } from '../text.ts';
import { isValid, validText, validValue } from '../valid-values.ts';
import { isHeaderValue, validHeader } from '../valid-call.ts';
import { wrongText } from '../wrong-values.ts';
import { invalid, type Mutation } from './mutation.ts';

/** Errors in the parameters of an operation. */
export function parameterMutations(operation: Operation): fc.Arbitrary<Mutation>[] {
  return [
    ...parametersIn('path', operation).map(wrongPathValue),
    ...parametersIn('query', operation).flatMap((it) => [wrongQueryValue(it), repeatedQuery(it)]),
    ...parametersIn('header', operation).flatMap((it) => [wrongHeader(it), repeatedHeader(it)]),
    unknownQuery(operation),
  ];
}

function wrongPathValue({ name, schema }: Parameter): fc.Arbitrary<Mutation> {
  return wrongText(schema)
    .filter(({ value }) => value !== '')
    .chain(({ how, value }) => encoded(value).map((text) => ({ how, text })))
    .map(({ how, text }) => ({
      how: `path ${name}: ${how}`,
      expected: invalid('path', name),
      apply: (call) => withPathValue(call, name, text),
    }));
}

function wrongQueryValue({ name, schema }: Parameter): fc.Arbitrary<Mutation> {
  return wrongText(schema)
    .chain(({ how, value }) => encoded(value).map((text) => ({ how, text })))
    .map(({ how, text }) => ({
      how: `query ${name}: ${how}`,
      expected: invalid('query', name),
      apply: (call) => withQuery(call, name, text),
    }));
}

function repeatedQuery({ name, schema }: Parameter): fc.Arbitrary<Mutation> {
  const value = validValue(schema).map((valid) => encodeURIComponent(String(valid)));
  return fc.array(value, { minLength: 2, maxLength: 3 }).map((values) => ({
    how: `query ${name}: repeated`,
    expected: invalid('query', name),
    apply: (call) => withQuery(call, name, ...values),
  }));
}

function unknownQuery(operation: Operation): fc.Arbitrary<Mutation> {
  const known = parametersIn('query', operation).map(({ name }) => name);
  // Not `limit[]`: the validator also reads it as a list of limits, and reports both names.
  const near = known.flatMap((name) => [name.toUpperCase(), ` ${name}`, `${name}\u200b`]);
  const special = ['__proto__', 'constructor', 'toString', 'page', 'x[y]', 'a.b', 'a/b', 'a~b'];
  const names = fc.oneof(
    fc.constantFrom(...near, ...special, ...naughtyTexts),
    textOf(character, 0, 300),
  );
  return fc
    .tuple(
      names.filter((name) => !known.includes(name)),
      fc.oneof(textOf(character, 0, 300), fc.constantFrom(...naughtyTexts)),
    )
    .chain(([name, value]) => fc.tuple(fc.constant(name), encoded(name), encoded(value)))
    .map(([name, encodedName, value]) => ({
      how: 'query: unknown parameter',
      expected: invalid('query', name),
      apply: (call) => withQuery(call, encodedName, value),
    }));
}

function wrongHeader({ name, schema }: Parameter): fc.Arbitrary<Mutation> {
  // These strings are sent as bytes, which the service reads as Latin-1.
  return wrongText(schema)
    .map(({ how, value }) => ({ how, value: Buffer.from(value).toString('latin1') }))
    .filter(({ value }) => isHeaderValue(value) && !isValid(schema, value))
    .map(({ how, value }) => ({
      how: `header ${name}: ${how}`,
      expected: invalid('header', name),
      apply: (call) => withHeader(call, name, value),
    }));
}

/** Headers of the same name form one list (RFC 9110, section 5.3), which can be invalid if its parts are valid. */
function repeatedHeader({ name, schema, ...others }: Parameter): fc.Arbitrary<Mutation> {
  return fc
    .tuple(validHeader({ name, schema, ...others }), validText(schema).filter(isHeaderValue))
    .filter((values) => !isValid(schema, values.join(', ')))
    .map((values) => ({
      how: `header ${name}: repeated`,
      expected: invalid('header', name),
      apply: (call) => withHeader(call, name, ...values),
    }));
}
