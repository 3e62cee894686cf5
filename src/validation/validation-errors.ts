import { Problem, type FieldError } from '../errors/problem.ts';

const MAX_ERRORS = 20;
/** How many errors the detail of the problem names. */
const MAX_NAMED = 3;
const MAX_NAME = 100;
const MAX_DETAIL = 200;

/** The parts of a request by the validator's names. */
const parts: Record<string, FieldError['in']> = {
  body: 'body',
  query: 'query',
  params: 'path',
  headers: 'header',
};

/** Error messages by validation keyword, where the validator's own message is unclear. */
const rules: Record<string, string> = {
  required: 'is required',
  additionalProperties: 'is not a known field',
  minProperties: 'must have at least one field',
};
/** Error messages for the patterns of the contract, by field. A violated pattern is the only error reported for its field. */
const patternRules: Record<string, string> = {
  id: 'must be a UUID',
  title: 'must contain a visible character',
  user_id: 'must not contain control characters',
  'Idempotency-Key': 'must contain only visible ASCII characters',
  'If-Match': 'must be "*" or a list of entity tags',
  'If-None-Match': 'must be "*" or a list of entity tags',
};

/** An error of express-openapi-validator. */
export interface ValidatorError {
  /** Such as `/body/title`. */
  path: string;
  message: string;
  /** Such as `maxLength.openapi.validation`. */
  errorCode?: string;
}

/**
 * Translates the errors of express-openapi-validator to a problem, and adds our errors of the query parameters, which replace
 * the validator's for the same parameter.
 *
 * @returns undefined without an error
 */
export function validationProblem(
  errors: readonly ValidatorError[],
  queryErrors: readonly FieldError[],
): Problem | undefined {
  if (errors.length === 0 && queryErrors.length === 0) return undefined;
  const ours = new Set(queryErrors.map(({ name }) => name));
  const others = onePerField(errors).filter(
    (other) => other.in !== 'query' || !ours.has(other.name),
  );
  return problemOf([...queryErrors, ...others]);
}

/**
 * Creates a validation-error whose detail names the first errors and counts the others. Names are truncated, because clients
 * can send any name.
 */
function problemOf(found: readonly FieldError[]): Problem {
  const errors = found.slice(0, MAX_ERRORS).map((error) => ({
    in: error.in,
    name: truncate(error.name, MAX_NAME),
    detail: truncate(error.detail, MAX_DETAIL),
  }));
  const summary = errors.slice(0, MAX_NAMED).map(({ name, detail }) => `${name}: ${detail}`);
  if (found.length > MAX_NAMED) summary.push(`and ${found.length - MAX_NAMED} more`);
  return new Problem('validation-error', { detail: summary.join('; '), errors });
}

/** Reduces the errors to one per field: the violated pattern, or else the first. */
function onePerField(errors: readonly ValidatorError[]): FieldError[] {
  const fields = new Map<string, FieldError>();
  for (const error of errors) {
    if (!fields.has(error.path) || keywordOf(error) === 'pattern')
      fields.set(error.path, fieldError(error));
  }
  return [...fields.values()];
}

function fieldError(error: ValidatorError): FieldError {
  const [, part = '', ...rest] = error.path.split('/');
  const place = parts[part] ?? 'body';
  const found = rest.join('/') || part;
  const name =
    place === 'header' ? found.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : found;
  return { in: place, name, detail: ruleOf(error, name) };
}

function ruleOf(error: ValidatorError, name: string): string {
  const keyword = keywordOf(error);
  return (keyword === 'pattern' ? patternRules[name] : rules[keyword]) ?? error.message;
}

function keywordOf({ errorCode = '' }: ValidatorError): string {
  return errorCode.split('.')[0] ?? '';
}

/** Truncates to a number of code points. */
function truncate(text: string, length: number): string {
  return text.length > length
    ? [...text.slice(0, 2 * length)].slice(0, length).join('').toWellFormed()
    : text;
}
