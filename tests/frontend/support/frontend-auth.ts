import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from 'better-auth/node';
import { expect, inject } from 'vitest';
import { answerAuth } from '../../../frontend/app/lib/auth/answer.ts';
import { startAuth } from '../../../frontend/app/lib/auth/start.ts';
import { parseConfig } from '../../../frontend/app/lib/config.ts';
import { createTestDatabase } from '../../support/database.ts';
import { administer } from '../../support/server.ts';
import { startTestService } from '../../support/service.ts';
import { SECRET } from '../../support/tokens.ts';

export const PASSWORD = 'correct horse battery';
/** Where nobody listens. */
const NOBODY = 'http://127.0.0.1:1';

type Environment = Record<string, string>;

interface Call {
  readonly body?: unknown;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** What a page of Better Auth's says. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

type SendCall = (path: string, call?: Call) => Promise<Reply>;

export type FrontendAuth = Awaited<ReturnType<typeof startFrontendAuth>>;
export type Application = Awaited<ReturnType<typeof startApplication>>;

/** Better Auth of the frontend and the real service, each told of the other by settings alone. */
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

/** The frontend's Better Auth on the loopback interface, behind its own route, with a database of its own. */
export async function startFrontendAuth(environment: Environment = {}, listening?: Listening) {
  const { url, close } = listening ?? (await listen());
  const database = await createTestDatabase({ empty: true });
  const running = await startAuth(
    parseConfig({
      BETTER_AUTH_URL: url,
      BETTER_AUTH_SECRET: SECRET,
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '3',
      TASKS_API_URL: NOBODY,
      AUTH_RATE_LIMIT: '1000',
      ...environment,
    }),
  );

  const call: SendCall = async (path, { body, method, headers = {} } = {}) => {
    const response = await fetch(`${url}/api/auth${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'Content-Type': 'application/json', Origin: url, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
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
    call,
    /** Signs a new user up. */
    async signUp(name: string) {
      const email = `${name}@example.com`;
      const reply = await call('/sign-up/email', { body: { name, email, password: PASSWORD } });
      expect(reply.body).toMatchObject({ user: { email } });
      return { email, id: (reply.body['user'] as { id: string }).id, ...browserOf(call, reply) };
    },
    /** Signs a user in, as in another browser. */
    async signIn(email: string) {
      const reply = await call('/sign-in/email', { body: { email, password: PASSWORD } });
      expect(reply.status).toBe(200);
      return browserOf(call, reply);
    },
    /** The rows of a statement in the database of accounts. */
    rows: (statement: string) => administer(database.url, statement),
    /** Lets nobody connect, and cuts who is. */
    async cutDatabase() {
      const name = new URL(database.url).pathname.slice(1);
      await administer(inject('databaseUrl'), `alter database ${name} allow_connections false`);
      await administer(
        inject('databaseUrl'),
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      );
    },
    async [Symbol.asyncDispose]() {
      await close();
      await running.stop();
      await database.drop();
    },
  };
}

type Listening = Awaited<ReturnType<typeof listen>>;

/** A server that has Better Auth's requests answered as the route does. */
async function listen() {
  const answer = toNodeHandler(answerAuth);
  const server = createServer((request, response) => void answer(request, response));
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

/** A browser with the cookies of a reply. */
function browserOf(call: SendCall, reply: Reply) {
  const cookies = cookiesOf(reply);
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

/** The cookies that a reply sets, as a browser sends them. */
function cookiesOf({ headers }: Reply): string {
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
  return cookies.join('; ');
}
