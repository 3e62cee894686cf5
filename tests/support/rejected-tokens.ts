import { expect } from 'vitest';
import { createClient, type Problem } from './client.ts';
import { claims as claimsOf } from './hs256.ts';
import { makeSigningKey, startJwksServer } from './jwks-server.ts';
import { startTestService } from './service.ts';
import { useServer } from './use-server.ts';

export const AUDIENCE = 'https://tasks.example';
export const ISSUER = 'https://auth.example';
/** The keys of the JWKS. */
export const [eddsa, es256] = await Promise.all([
  makeSigningKey('EdDSA', 'eddsa'),
  makeSigningKey('ES256', 'es256'),
]);

/** The claims of a valid token, with some of them changed. */
export const claims = (changes: object = {}) =>
  claimsOf({ aud: AUDIENCE, iss: ISSUER, ...changes });

/** A service for the tests of a file, which accepts tokens under the shared secret and under the keys of a JWKS. */
export function useTokenService() {
  const service = useServer(async () => {
    const jwks = await startJwksServer([eddsa, es256]);
    const started = await startTestService({
      BETTER_AUTH_JWKS_URL: jwks.url,
      JWT_AUDIENCE: AUDIENCE,
      JWT_ISSUER: ISSUER,
    });
    const stop = async () => {
      await started.stop();
      await jwks[Symbol.asyncDispose]();
    };
    return { ...started, client: createClient(started.url), stop };
  });

  /** Expects a 401 that does not say why, and returns the reason in the log. */
  async function reasonFor(token: string, code = 'invalid-token'): Promise<unknown> {
    service.log.length = 0;
    const { status, body, headers } = await service.client.get<Problem>('/api/me', { token });
    expect({ status, code: body.code }).toEqual({ status: 401, code });
    const title = code === 'token-expired' ? 'Token expired' : 'Invalid token';
    expect(body.detail).toBe(title);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer error="invalid_token", error_description="${title}"`,
    );
    const line = () =>
      service.log
        .map((text) => JSON.parse(text) as { msg: string; request_id?: string; reason?: unknown })
        .find(({ msg, request_id }) => msg === 'request' && request_id === body.request_id);
    await expect.poll(line).toBeDefined();
    for (const part of token.split(/[^\w-]/).filter((segment) => segment.length > 13))
      expect(service.log.join('')).not.toContain(part);
    return line()?.reason;
  }

  return { service, reasonFor };
}
