import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { jwt, type JwtOptions } from 'better-auth/plugins';
import { expect } from 'vitest';

export const SECRET = 'the secret of Better Auth and the service';

interface Options {
  readonly jwks?: JwtOptions['jwks'];
  readonly advanced?: { database: { generateId: 'uuid' } };
}

/** Starts the real Better Auth on the loopback interface, with its tables in memory. */
export async function startBetterAuth({ jwks, advanced }: Options = {}) {
  const tables = { user: [], session: [], account: [], verification: [], jwks: [] as Row[] };
  const verificationTokens: string[] = [];
  const server = createServer((request, response) => void handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const auth = betterAuth({
    baseURL: url,
    secret: SECRET,
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    emailVerification: {
      sendOnSignUp: true,
      sendVerificationEmail: ({ token }) => {
        verificationTokens.push(token);
        return Promise.resolve();
      },
    },
    session: { cookieCache: { enabled: true, strategy: 'jwt' } },
    plugins: [jwt({ ...(jwks && { jwks }) })],
    ...(advanced && { advanced }),
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
  });
  const handler = toNodeHandler(auth);

  return {
    url,
    tables,
    verificationTokens,
    /** Signs up a new user. Returns the id and the cookies of the session. */
    async signUp(name: string) {
      const response = await fetch(`${url}/api/auth/sign-up/email`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: url },
        body: JSON.stringify({
          name,
          email: `${name}@example.com`,
          password: 'correct horse battery',
        }),
      });
      expect(response.status).toBe(200);
      const { user } = (await response.json()) as { user: { id: string } };
      const cookies = response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';', 1)[0] ?? '');
      return { id: user.id, cookies };
    },
    /** Gets a token of the jwt plugin. */
    async token(cookies: readonly string[]): Promise<string> {
      const headers = { Cookie: cookies.join('; ') };
      const response = await fetch(`${url}/api/auth/token`, { headers });
      expect(response.status).toBe(200);
      return ((await response.json()) as { token: string }).token;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The token of Better Auth's cookie cache among the cookies of a session. */
export function sessionData(cookies: readonly string[]): string {
  const prefix = 'better-auth.session_data=';
  return cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length) ?? '';
}

interface Row {
  id: string;
  expiresAt?: Date | null;
}

/** Makes all keys expire, so that the next token rotates them as after the rotation interval. */
export function expireKeys(keys: Row[]): void {
  for (const key of keys) key.expiresAt = new Date(Date.now() - 1000);
}
