import { Problem } from '../errors/problem.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON (RFC 8259) that everybody reads the same: valid UTF-8, no lone surrogates and no NUL, which PostgreSQL
 * cannot store.
 *
 * @throws {Problem} malformed-request
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Problem('malformed-request', { detail: 'The body is not valid JSON', cause });
  }
  // Only an escape can bring such characters into a text that was decoded and parsed.
  if (text.includes('\\u')) checkStrings(value);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new Problem('malformed-request', { detail: 'The body is not valid UTF-8', cause });
  }
}

/** Walks without recursion, since a body may be nested deeper than the stack. */
function checkStrings(root: unknown): void {
  const pending = [root];
  for (const value of pending) {
    if (typeof value === 'string') {
      if (value.includes('\0'))
        throw new Problem('malformed-request', { detail: 'The body has a NUL' });
      if (!value.isWellFormed()) {
        throw new Problem('malformed-request', { detail: 'The body has a lone surrogate' });
      }
    } else if (typeof value === 'object' && value !== null) {
      pending.push(...Object.keys(value), ...(Object.values(value) as unknown[]));
    }
  }
}
