import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { Problem } from '../errors/problem.ts';
import type { Caller } from './caller.ts';
import { createRemoteKeys } from './remote-keys.ts';
import { createVerifier, isExpired, type VerifiedToken } from './verifier.ts';

const MAX_TOKENS = 10_000;
/** A token is a kilobyte or less; somebody's largest must not make the memory ten times that. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/**
 * Finds out who is calling from the value of the `Authorization` header (RFC 6750).
 *
 * @throws {Problem} not-authenticated, invalid-token, token-expired; unavailable while there are no keys to verify with
 */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

interface Options {
  readonly auth: Config['auth'];
  readonly log: Pick<Logger, 'warn'>;
}

/** Makes an authenticator. It remembers the tokens that it verified until they expire or the keys change. */
export function createAuthenticator({ auth, log }: Options): Authenticate {
  let memory = createMemory();
  const keys =
    auth.jwksUrl === undefined
      ? undefined
      : createRemoteKeys({
          url: auth.jwksUrl,
          log,
          // A new memory, not an emptied one: who verifies with the old keys right now still remembers into the old.
          onChange: () => {
            memory = createMemory();
          },
        });
  const verify = createVerifier(auth, keys);

  return async (authorization) => {
    const token = bearerToken(authorization);
    keys?.refreshWhenOld();
    const current = memory;
    const remembered = current.get(token);
    if (remembered) {
      if (!isExpired(remembered)) return remembered.caller;
      current.delete(token);
      throw new Problem('token-expired');
    }
    const verified = await verify(token);
    current.set(token, verified);
    return verified.caller;
  };
}

function createMemory() {
  return new LRUCache<string, VerifiedToken>({
    max: MAX_TOKENS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_, token) => token.length,
  });
}

function bearerToken(authorization = ''): string {
  const [, token] = /^bearer +([^ ].*)$/is.exec(authorization) ?? [];
  if (token === undefined) throw new Problem('not-authenticated');
  return token;
}
