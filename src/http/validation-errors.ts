import type { Request } from 'express';
import { error as validator } from 'express-openapi-validator';
import { Problem, type FieldError } from '../errors/problem.ts';
import { queryErrors } from './query.ts';
import './request.ts';

const MAX_ERRORS = 20;
const MAX_NAME = 100;
const MAX_DETAIL = 200;

/** The parts of a request, as the validator calls them. */
const parts: Record<string, FieldError['in']> = {
  body: 'body',
  query: 'query',
  params: 'path',
  headers: 'header',
};

/** The rules that read better in other words than the validator's. */
const rules: Record<string, string> = {
  required: 'is required',
  additionalProperties: 'is not a known field',
  minProperties: 'must have at least one field',
};
/** What the patterns of the contract mean. Where one is broken, nothing else needs to be said of the field. */
const patternRules: Record<string, string> = {
  id: 'must be a UUID',
  title: 'must have a character that is not white space',
  user_id: 'must have no control characters',
  'Idempotency-Key': 'must have visible ASCII characters only',
  'If-Match': 'must be "*" or a list of entity tags',
  'If-None-Match': 'must be "*" or a list of entity tags',
};

/** The problem behind an error of express-openapi-validator; undefined when it is our fault, or no error of its. */
export function problemOfValidator(error: unknown, request: Request): Problem | undefined {
  if (error instanceof validator.NotFound) return new Problem('not-found');
  if (error instanceof validator.MethodNotAllowed) return new Problem('method-not-allowed');
  if (error instanceof validator.Unauthorized) {
    const { refusal = new Problem('not-authenticated') } = request;
    return refusal instanceof Problem ? refusal : new Problem('internal-error', { cause: refusal });
  }
  if (error instanceof validator.UnsupportedMediaType) {
    // It also says so when there is no body at all.
    return request.headers['content-type'] === undefined
      ? validationError([{ in: 'body', name: 'body', detail: 'is required' }])
      : new Problem('unsupported-media-type');
  }
  if (error instanceof validator.BadRequest)
    return validationError(withQueryErrors(request, onePerField(error.errors)));
  return undefined;
}

/** Our own words about a parameter of the query win over the validator's. */
function withQueryErrors(request: Request, errors: FieldError[]): FieldError[] {
  const ours = queryErrors(request);
  const told = new Set(ours.map(({ name }) => name));
  return [...ours, ...errors.filter((error) => error.in !== 'query' || !told.has(error.name))];
}

/** A validation-error that tells the rules in its detail, too. Callers choose names, which are cut therefore. */
export function validationError(found: FieldError[]): Problem {
  const errors = found.slice(0, MAX_ERRORS).map((error) => ({
    in: error.in,
    name: shorten(error.name, MAX_NAME),
    detail: shorten(error.detail, MAX_DETAIL),
  }));
  const told = errors.slice(0, 3).map(({ name, detail }) => `${name}: ${detail}`);
  return new Problem('validation-error', { detail: told.join('; '), errors });
}

interface ValidatorError {
  /** Such as `/body/title`. */
  path: string;
  message: string;
  /** Such as `maxLength.openapi.validation`. */
  errorCode?: string;
}

/** Each field once, with the rule that says most. */
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

/** Cut by characters, never through the middle of one. */
function shorten(text: string, length: number): string {
  return text.length > length
    ? [...text.slice(0, 2 * length)].slice(0, length).join('').toWellFormed()
    : text;
}
