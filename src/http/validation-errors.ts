import type { Request } from 'express';
import { error as validator } from 'express-openapi-validator';
import { Problem, type FieldError } from '../errors/problem.ts';
import { queryErrors } from './query.ts';
import './request.ts';

const MAX_ERRORS = 20;
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
  title: 'must contain a non-whitespace character',
  user_id: 'must not contain control characters',
  'Idempotency-Key': 'must contain only visible ASCII characters',
  'If-Match': 'must be "*" or a list of entity tags',
  'If-None-Match': 'must be "*" or a list of entity tags',
};

/**
 * Translates an error of express-openapi-validator to a problem.
 *
 * @returns undefined for a server error, and for any error that is not the validator's
 */
export function problemOfValidator(error: unknown, request: Request): Problem | undefined {
  if (error instanceof validator.NotFound) return new Problem('not-found');
  if (error instanceof validator.MethodNotAllowed) return new Problem('method-not-allowed');
  if (error instanceof validator.Unauthorized) {
    const { authenticationError = new Problem('not-authenticated') } = request;
    if (authenticationError instanceof Problem) return authenticationError;
    return new Problem('internal-error', { cause: authenticationError });
  }
  if (error instanceof validator.UnsupportedMediaType) {
    // The validator also throws this error when there is no body.
    return request.headers['content-type'] === undefined
      ? validationError([{ in: 'body', name: 'body', detail: 'is required' }])
      : new Problem('unsupported-media-type');
  }
  if (error instanceof validator.BadRequest)
    return validationError(withQueryErrors(request, onePerField(error.errors)));
  return undefined;
}

/** Adds our errors of the query parameters, which replace the validator's for the same parameter. */
function withQueryErrors(request: Request, errors: FieldError[]): FieldError[] {
  const ours = queryErrors(request);
  const reported = new Set(ours.map(({ name }) => name));
  return [...ours, ...errors.filter((error) => error.in !== 'query' || !reported.has(error.name))];
}

/**
 * Creates a validation-error whose detail summarises the first errors. Names are truncated, because clients can send any
 * name.
 */
export function validationError(found: FieldError[]): Problem {
  const errors = found.slice(0, MAX_ERRORS).map((error) => ({
    in: error.in,
    name: truncate(error.name, MAX_NAME),
    detail: truncate(error.detail, MAX_DETAIL),
  }));
  const summary = errors.slice(0, 3).map(({ name, detail }) => `${name}: ${detail}`);
  return new Problem('validation-error', { detail: summary.join('; '), errors });
}

interface ValidatorError {
  /** Such as `/body/title`. */
  path: string;
  message: string;
  /** Such as `maxLength.openapi.validation`. */
  errorCode?: string;
}

/** Reduces the errors to one per field: the violated pattern, or else the first. */
function onePerField(errors: ValidatorError[]): FieldError[] {
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
