import { createRequire } from 'node:module';

interface Validate {
  (value: unknown): boolean;
  errors?: unknown;
}
interface Ajv {
  compile(schema: unknown): Validate;
}

// The version of Ajv that the service's validator uses, with the JSON Schema draft of OpenAPI 3.1.
const requireAsValidator = createRequire(import.meta.resolve('express-openapi-validator'));
const { default: Ajv2020 } = requireAsValidator('ajv/dist/2020') as {
  default: new (options: object) => Ajv;
};
const { default: addFormats } = requireAsValidator('ajv-formats') as {
  default: (ajv: Ajv) => void;
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);

/** The errors of a value that violates a schema without references, as JSON; undefined if the value is valid. */
export function violation(schema: unknown, value: unknown): string | undefined {
  const validate = ajv.compile(schema);
  return validate(value) ? undefined : JSON.stringify(validate.errors);
}
