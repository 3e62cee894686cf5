import { createHash } from 'node:crypto';

const CHECKSUM_BYTES = 8;

/** Ties a position to what it is a position of, and shows when it was damaged. */
function checksum(scope: readonly string[], position: Buffer): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(scope))
    .update(position)
    .digest()
    .subarray(0, CHECKSUM_BYTES);
}

/**
 * Makes an opaque cursor of a position, in base64url. It is no secret: everything it opens is the caller's.
 *
 * @param scope the user, and what of theirs it is a position of
 */
export function seal(scope: readonly string[], position: readonly string[]): string {
  const bytes = Buffer.from(JSON.stringify(position));
  return Buffer.concat([checksum(scope, bytes), bytes]).toString('base64url');
}

/** The position of a cursor, still to be checked; undefined when it was sealed for another scope, or changed since. */
export function unseal(scope: readonly string[], cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.subarray(CHECKSUM_BYTES);
  // Several texts decode to the same bytes; only the one that we would write counts.
  const intact =
    bytes.toString('base64url') === cursor &&
    bytes.subarray(0, CHECKSUM_BYTES).equals(checksum(scope, position));
  return intact ? parseJson(position) : undefined;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
