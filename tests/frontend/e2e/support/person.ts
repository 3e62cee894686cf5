import { randomUUID } from 'node:crypto';
import { createTasksClient, type TasksClient } from '@tasks-api/client';
import { expect } from 'vitest';
import type { TestApplication } from '../../../support/application.ts';

/** A user with an account and a session, both created by Better Auth's API. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** The cookies of the session, by name. */
  readonly cookies: ReadonlyMap<string, string>;
  /** Gets a token for the service. */
  token(): Promise<string>;
  /** A client of the service with the user's token. */
  readonly tasks: TasksClient;
}

export const PASSWORD = 'correct horse battery';

/** The name and a new email address, to sign up with. */
export function newUserDetails(name = 'Ada') {
  return { name, email: `${randomUUID().slice(0, 8)}@example.com` };
}

/** Signs up a new user by the API. */
export async function newPerson(app: TestApplication, name?: string): Promise<Person> {
  const who = { ...newUserDetails(name), password: PASSWORD };
  const received = await callAuth(app, '/sign-up/email', { body: who });
  expect(received.status, await received.clone().text()).toBe(200);
  const { user } = (await received.json()) as { user: { id: string } };
  const cookies = cookiesOf(received);
  const token = async () => {
    const response = await callAuth(app, '/token', { cookies });
    expect(response.status).toBe(200);
    return ((await response.json()) as { token: string }).token;
  };
  return {
    ...who,
    id: user.id,
    cookies,
    token,
    tasks: createTasksClient({ baseUrl: app.serviceUrl, token }),
  };
}

/** Signs in a user by the API, as from another browser. Returns the cookies of the new session. */
export async function newSession(
  app: TestApplication,
  { email, password }: Person,
  userAgent: string,
): Promise<Person['cookies']> {
  const response = await callAuth(app, '/sign-in/email', {
    body: { email, password },
    headers: { 'User-Agent': userAgent },
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return cookiesOf(response);
}

interface Call {
  /** Sent as JSON by POST; without a body, the request is a GET. */
  readonly body?: object;
  readonly cookies?: ReadonlyMap<string, string>;
  /** By default, the origin of the application. */
  readonly origin?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls Better Auth's API like a page of the application or of another origin. */
export function callAuth(
  app: TestApplication,
  path: string,
  { body, cookies = new Map(), origin = app.url, headers = {} }: Call = {},
): Promise<Response> {
  return fetch(`${app.frontendUrl}/api/auth${path}`, {
    method: body ? 'POST' : 'GET',
    redirect: 'manual',
    headers: {
      ...(origin !== '' && { Origin: origin }),
      ...(body && { 'Content-Type': 'application/json' }),
      Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** The cookies that a response sets, by name. */
function cookiesOf(received: Response): ReadonlyMap<string, string> {
  return new Map(
    received.headers.getSetCookie().map((cookie) => {
      const [pair = ''] = cookie.split(';', 1);
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
}
