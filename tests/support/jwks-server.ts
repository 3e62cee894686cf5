import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

type Answer = (response: ServerResponse) => void;

/** A JWKS endpoint on the loopback interface, which counts how often it is asked and answers as it is told to. */
export async function startJwksServer(keys: readonly SigningKey[] = []) {
  let fetches = 0;
  let answer: Answer = publish(keys);
  const server = createServer((_request, response) => {
    fetches += 1;
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/auth/jwks`,
    fetches: () => fetches,
    publish: (...published: SigningKey[]) => {
      answer = publish(published);
    },
    answer: (next: Answer) => {
      answer = next;
    },
    /** From now on, connections are cut without an answer. */
    fail: () => {
      answer = (response) => response.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type SigningKey = Awaited<ReturnType<typeof makeSigningKey>>;

/** A new key pair: its two halves, the public one also as a JWKS shows it, and tokens signed with the other. */
export async function makeSigningKey(alg: string, kid: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg };
  return {
    jwk,
    publicKey,
    privateKey,
    sign: (claims: JWTPayload, header: Record<string, unknown> = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey),
  };
}

function publish(keys: readonly SigningKey[]): Answer {
  const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  return (response) => response.setHeader('Content-Type', 'application/json').end(body);
}
