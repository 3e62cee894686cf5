import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from 'better-auth/node';
import { expect, inject } from 'vitest';
import { handleAuthRequest } from '../../../frontend/app/lib/auth/route-handler.ts';
import { startAuth } from '../../../frontend/app/lib/auth/start.ts';
import { parseConfig } from '../../../frontend/app/lib/config.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startProxy } from '../../support/proxy.ts';
import { administer } from '../../support/server.ts';
import { startTestService } from '../../support/service.ts';
import { SECRET } from '../../support/tokens.ts';

export const PASSWORD = 'correct horse battery';
/** A URL where no server listens. */
const UNREACHABLE = 'http://127.0.0.1:1';

type Environment = Record<string, string>;

interface Call {
  readonly body?: unknown;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** A response of Better Auth. */
export interface AuthResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

type SendCall = (path: string, call?: Call) => Promise<AuthResponse>;

export type FrontendAuth = Awaited<ReturnType<typeof startFrontendAuth>>;
export type Application = Awaited<ReturnType<typeof startApplication>>;

/** The frontend's Better Auth and the real service, connected only by their settings. */
export async function startApplication(environment: Environment = {}) {
  const server = await listen();
  const service = await startTestService(
    environment['TOKEN_ALGORITHM'] === 'HS256'
      ? { BETTER_AUTH_SECRET: SECRET, JWT_ISSUER: server.url, JWT_AUDIENCE: server.url }
      : { BETTER_AUTH_SECRET: '', BETTER_AUTH_URL: server.url },
  );
  const auth = await startFrontendAuth({ TASKS_API_URL: service.url, ...environment }, server);
  return {
    ...auth,
    service,
    async [Symbol.asyncDispose]() {
      await auth[Symbol.asyncDispose]();
      await service.stop();
    },
  };
}

/** The frontend's Better Auth behind its route handler, on the loopback interface, with a new database. */
export async function startFrontendAuth(environment: Environment = {}, listening?: Listening) {
  const { url, close } = listening ?? (await listen());
  const database = await createTestDatabase({ empty: true });
  const proxy = await startProxy(database.url);
  const running = await startAuth(
    parseConfig({
      BETTER_AUTH_URL: url,
      BETTER_AUTH_SECRET: SECRET,
      DATABASE_URL: proxy.url,
      DATABASE_POOL_SIZE: '3',
      TASKS_API_URL: UNREACHABLE,
      AUTH_RATE_LIMIT: '1000',
      ...environment,
    }),
  );

  const call: SendCall = async (path, { body, method, headers = {}, signal } = {}) => {
    const response = await fetch(`${url}/api/auth${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'Content-Type': 'application/json', Origin: url, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (/^[[{]/.test(text) ? JSON.parse(text) : {}) as Record<string, unknown>,
    };
  };

  return {
    url,
    auth: running.auth,
    databaseUrl: database.url,
    call,
    /** Signs up a new user. */
    async signUp(name: string) {
      const email = `${name}@example.com`;
      const response = await call('/sign-up/email', { body: { name, email, password: PASSWORD } });
      expect(response.body).toMatchObject({ user: { email } });
      return {
        email,
        id: (response.body['user'] as { id: string }).id,
        ...browserOf(call, response),
      };
    },
    /** Signs in a user in another browser. */
    async signIn(email: string) {
      const response = await call('/sign-in/email', { body: { email, password: PASSWORD } });
      expect(response.status).toBe(200);
      return browserOf(call, response);
    },
    /** Runs a statement in the database of accounts and returns its rows. */
    rows: (statement: string) => administer(database.url, statement),
    /** Terminates all connections to the database and allows no new ones. */
    async cutDatabase() {
      const name = new URL(database.url).pathname.slice(1);
      await administer(inject('databaseUrl'), `alter database ${name} allow_connections false`);
      await administer(
        inject('databaseUrl'),
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      );
    },
    /** Makes the database unresponsive, on existing and new connections. */
    freezeDatabase: proxy.freeze,
    thawDatabase: proxy.thaw,
    async [Symbol.asyncDispose]() {
      await close();
      await running.stop();
      await database.drop();
    },
  };
}

type Listening = Awaited<ReturnType<typeof listen>>;

/** An HTTP server with the route handler. */
async function listen() {
  const handler = toNodeHandler(handleAuthRequest);
  const server = createServer((request, response) => void handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A browser with the cookies of a response. */
function browserOf(call: SendCall, response: AuthResponse) {
  const cookies = cookiesOf(response);
  const own: SendCall = (path, { headers, ...options } = {}) =>
    call(path, { ...options, headers: { Cookie: cookies, ...headers } });
  return {
    cookies,
    call: own,
    /** A token for the service. */
    token: async (): Promise<string> => {
      const { status, body } = await own('/token');
      expect(status).toBe(200);
      return String(body['token']);
    },
  };
}

/** The cookies that a response sets, as a browser sends them. */
function cookiesOf({ headers }: AuthResponse): string {
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
  return cookies.join('; ');
}
