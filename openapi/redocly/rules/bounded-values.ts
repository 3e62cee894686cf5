import type { Context } from './context.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What bounds the values of a type: of every list, one keyword. */
const bounds: Readonly<Record<string, readonly (readonly string[])[]>> = {
  string: [['maxLength', 'enum', 'const']],
  array: [['maxItems'], ['items']],
  integer: [['minimum'], ['maximum']],
  number: [['minimum'], ['maximum']],
};

/** Keywords that say what a value can be; a schema without any takes whatever there is. */
const kinds = ['type', 'enum', 'const', 'oneOf', 'anyOf', 'allOf'];

/** A rule: nothing that the contract describes can be of any size or shape. */
export function boundedValues() {
  return {
    Schema(schema: Schema, { report, location }: Context): void {
      if (!kinds.some((kind) => kind in schema))
        report({ message: `The schema has no ${kinds.join(', ')}.`, location });
      // A rule does not see the schema `true`, which takes anything as well.
      const parts: unknown[] = Object.values(schema['properties'] ?? {});
      if ([...parts, schema['items']].includes(true))
        report({ message: 'The schema `true` takes anything.', location });
      const types = [schema['type']].flat().filter((type) => typeof type === 'string');
      for (const type of types) {
        for (const keywords of bounds[type] ?? []) {
          if (!keywords.some((keyword) => keyword in schema))
            report({ message: `The ${type} has no ${keywords.join(', ')}.`, location });
        }
      }
      if (types.includes('object') && schema['additionalProperties'] !== false)
        report({ message: 'The object has no `additionalProperties: false`.', location });
    },
  };
}
