import type { Request } from 'express';
import { matchedOperation } from './match.ts';
import type { FieldError } from '../errors/problem.ts';

/**
 * What is wrong with a query beyond what the validator sees. Of unknown parameters it would name the first and look no
 * further; and it takes for a number whatever JavaScript does: `1e1`, `0x10`, ` 1`, `Infinity`.
 */
export function queryErrors(request: Request): FieldError[] {
  const start = request.originalUrl.indexOf('?');
  if (start === -1) return [];
  const known = (matchedOperation(request)?.parameters ?? []).filter((it) => it.in === 'query');
  const names = new Set(known.map(({ name }) => name));
  const read = request.query as Record<string, unknown>;
  const errors = new Map<string, FieldError>();
  for (const [name, written] of new URLSearchParams(request.originalUrl.slice(start + 1))) {
    const value = read[name];
    if (!names.has(name)) {
      errors.set(name, { in: 'query', name, detail: 'is not a known parameter' });
    } else if (written === '') {
      errors.set(name, { in: 'query', name, detail: 'must not be empty' });
    } else if (typeof value === 'number' && !isDecimal(written, value)) {
      errors.set(name, { in: 'query', name, detail: 'must be written in decimal digits' });
    }
  }
  return [...errors.values()];
}

function isDecimal(written: string, value: number): boolean {
  return Number.isFinite(value) && /^-?(0|[1-9][0-9]*)$/.test(written);
}
