import { hash } from 'node:crypto';

const CHECKSUM_BYTES = 8;

/** Binds a position to its scope and detects modified cursors. */
function checksum(scope: readonly string[], position: string): Buffer {
  // Much faster than the output as a buffer.
  const digest = hash('sha256', JSON.stringify(scope) + position, 'hex');
  return Buffer.from(digest.slice(0, 2 * CHECKSUM_BYTES), 'hex');
}

/**
 * Creates an opaque cursor in base64url: a position with a checksum. It is neither encrypted nor signed, because it gives
 * access only to data of the caller.
 *
 * @param scope the user and the list or export to which the position belongs
 */
export function encodePosition(scope: readonly string[], position: readonly string[]): string {
  const text = JSON.stringify(position);
  return Buffer.concat([checksum(scope, text), Buffer.from(text)]).toString('base64url');
}

/** Returns the position in a cursor, not validated yet; undefined if the cursor belongs to another scope or was modified. */
export function decodePosition(scope: readonly string[], cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.toString('utf8', CHECKSUM_BYTES);
  // Several base64url texts decode to the same bytes; only the canonical one is valid.
  const intact =
    bytes.toString('base64url') === cursor &&
    bytes.subarray(0, CHECKSUM_BYTES).equals(checksum(scope, position));
  return intact ? parseJson(position) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
