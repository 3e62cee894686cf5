import { createRequire } from 'node:module';

interface Validate {
  (value: unknown): boolean;
  errors?: unknown;
}
interface Ajv {
  compile(schema: unknown): Validate;
}

// The Ajv that the service's validator brings along, with the draft of OpenAPI 3.1.
const requireAsValidator = createRequire(import.meta.resolve('express-openapi-validator'));
const { default: Ajv2020 } = requireAsValidator('ajv/dist/2020') as {
  default: new (options: object) => Ajv;
};
const { default: addFormats } = requireAsValidator('ajv-formats') as {
  default: (ajv: Ajv) => void;
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);

/** What is wrong with a value by a schema without references, as text; undefined when it is valid. */
export function violation(schema: unknown, value: unknown): string | undefined {
  const validate = ajv.compile(schema);
  return validate(value) ? undefined : JSON.stringify(validate.errors);
}
