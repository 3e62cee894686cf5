import type { FieldError } from '../errors/problem.ts';

/**
 * Finds the errors in query parameters that the validator misses: it would report only the first unknown parameter, and it
 * accepts every number of JavaScript, such as `1e1`, `0x10`, ` 1` and `Infinity`.
 *
 * @param sent the parameters as the client sent them
 * @param converted the same parameters after validation, with the types of the contract and the defaults
 * @param mayBeEmpty the known parameters with `allowEmptyValue`
 */
export function queryErrors(
  sent: Readonly<Record<string, unknown>>,
  converted: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  mayBeEmpty: ReadonlySet<string>,
): FieldError[] {
  return Object.entries(sent).flatMap(([name, text]) => {
    if (text === '' && mayBeEmpty.has(name)) return [];
    const detail = known.has(name) ? valueError(text, converted[name]) : 'is not a known parameter';
    return detail === undefined ? [] : [{ in: 'query', name, detail } as const];
  });
}

function valueError(text: unknown, value: unknown): string | undefined {
  if (text === '' || (Array.isArray(text) && text.includes(''))) return 'must not be empty';
  if (typeof value === 'number' && !isDecimal(text, value))
    return 'must be an integer in decimal notation';
  return undefined;
}

function isDecimal(text: unknown, value: number): boolean {
  return Number.isFinite(value) && typeof text === 'string' && /^-?(0|[1-9][0-9]*)$/.test(text);
}
