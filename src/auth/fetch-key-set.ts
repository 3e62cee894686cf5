import { createLocalJWKSet, type JSONWebKeySet } from 'jose';

const MAX_BYTES = 256 * 1024;

/** Finds the key of a token by its header, as jose's `createLocalJWKSet` does. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

/**
 * Fetches a JSON Web Key Set (RFC 7517). A set without keys is a valid one. Redirects are not followed.
 *
 * @throws when the answer is not there in time, not a 200, larger than 256 KiB, or no key set
 */
export async function fetchKeySet(url: string, timeoutMs: number): Promise<KeySet> {
  const response = await fetch(url, {
    headers: { Accept: 'application/jwk-set+json, application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the answer was ${response.status} instead of 200`);
  }
  return createLocalJWKSet(JSON.parse(await readText(response)) as JSONWebKeySet);
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`the answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
