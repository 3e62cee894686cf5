import type { Context } from './context.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What bounds the values of a type: of every list, one keyword. */
const bounds: Readonly<Record<string, readonly (readonly string[])[]>> = {
  string: [['maxLength', 'enum', 'const']],
  array: [['maxItems']],
  integer: [['minimum'], ['maximum']],
  number: [['minimum'], ['maximum']],
};

/** A rule: nothing that the contract describes can be of any size or shape. */
export function boundedValues() {
  return {
    Schema(schema: Schema, { report, location }: Context): void {
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
