import { Problem } from '../errors/problem.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON (RFC 8259). Rejects invalid UTF-8 and unpaired surrogates, which parsers replace in different ways, and NUL
 * characters, which PostgreSQL cannot store.
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
  // In valid JSON, NUL and unpaired surrogates can only come from an escape sequence.
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

/** Iterative, because the nesting of a body can exceed the call stack. */
function checkStrings(root: unknown): void {
  const pending = [root];
  for (const value of pending) {
    if (typeof value === 'string') {
      if (value.includes('\0'))
        throw new Problem('malformed-request', { detail: 'The body contains a NUL character' });
      if (!value.isWellFormed()) {
        throw new Problem('malformed-request', {
          detail: 'The body contains an unpaired surrogate',
        });
      }
    } else if (typeof value === 'object' && value !== null) {
      pending.push(...Object.keys(value), ...(Object.values(value) as unknown[]));
    }
  }
}
