import type { Request } from 'express';
import { matchedOperation } from './match.ts';
import type { FieldError } from '../errors/problem.ts';

/**
 * Finds the errors in a query string that the validator misses: it would report only the first unknown parameter, and it
 * accepts every number of JavaScript, such as `1e1`, `0x10`, ` 1` and `Infinity`.
 */
export function queryErrors(request: Request): FieldError[] {
  const start = request.originalUrl.indexOf('?');
  if (start === -1) return [];
  const parameters = (matchedOperation(request)?.parameters ?? []).filter(
    (parameter) => parameter.in === 'query',
  );
  const names = new Set(parameters.map(({ name }) => name));
  const parsed = request.query as Record<string, unknown>;
  const errors = new Map<string, FieldError>();
  for (const [name, text] of new URLSearchParams(request.originalUrl.slice(start + 1))) {
    const value = parsed[name];
    if (!names.has(name)) {
      errors.set(name, { in: 'query', name, detail: 'is not a known parameter' });
    } else if (text === '') {
      errors.set(name, { in: 'query', name, detail: 'must not be empty' });
    } else if (typeof value === 'number' && !isDecimal(text, value)) {
      errors.set(name, { in: 'query', name, detail: 'must be an integer in decimal notation' });
    }
  }
  return [...errors.values()];
}

function isDecimal(text: string, value: number): boolean {
  return Number.isFinite(value) && /^-?(0|[1-9][0-9]*)$/.test(text);
}
