import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

type Responder = (response: ServerResponse) => void;

/** Starts a JWKS endpoint on the loopback interface. It counts the requests, and its response can be changed. */
export async function startJwksServer(keys: readonly SigningKey[] = []) {
  let fetches = 0;
  let respond: Responder = publish(keys);
  const server = createServer((_request, response) => {
    fetches += 1;
    respond(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/auth/jwks`,
    fetches: () => fetches,
    publish: (...published: SigningKey[]) => {
      respond = publish(published);
    },
    respondWith: (next: Responder) => {
      respond = next;
    },
    /** From now on, closes connections without a response. */
    fail: () => {
      respond = (response) => response.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type SigningKey = Awaited<ReturnType<typeof makeSigningKey>>;

/** A new key pair: its JWK, as in a JWKS, both keys, and a function that signs tokens with the private key. */
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

function publish(keys: readonly SigningKey[]): Responder {
  const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
  return (response) => response.setHeader('Content-Type', 'application/json').end(body);
}
