import type { Context } from './context.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The keywords that limit the values of a type: the schema needs one keyword of each list. */
const bounds: Readonly<Record<string, readonly (readonly string[])[]>> = {
  string: [['maxLength', 'enum', 'const']],
  array: [['maxItems'], ['items']],
  integer: [['minimum'], ['maximum']],
  number: [['minimum'], ['maximum']],
};

/** Keywords that restrict the kind of a value; a schema without any of them accepts every value. */
const kinds = ['type', 'enum', 'const', 'oneOf', 'anyOf', 'allOf'];

/** A lint rule: every value in the contract has a limited size and a known shape. */
export function boundedValues() {
  return {
    Schema(schema: Schema, { report, location }: Context): void {
      if (!kinds.some((kind) => kind in schema))
        report({ message: `The schema needs one of ${kinds.join(', ')}.`, location });
      // Redocly does not visit the schema `true`, which accepts every value.
      const parts: unknown[] = Object.values(schema['properties'] ?? {});
      if ([...parts, schema['items']].includes(true))
        report({ message: 'The schema `true` accepts every value.', location });
      const types = [schema['type']].flat().filter((type) => typeof type === 'string');
      for (const type of types) {
        for (const keywords of bounds[type] ?? []) {
          if (!keywords.some((keyword) => keyword in schema))
            report({ message: `The ${type} needs ${keywords.join(' or ')}.`, location });
        }
      }
      if (types.includes('object') && schema['additionalProperties'] !== false)
        report({ message: 'The object needs `additionalProperties: false`.', location });
    },
  };
}
