import { Agent, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { createClient, type Task } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const REQUESTS = 10_000;
const CONNECTIONS = 32;

// Statements of both users are sent on one connection, one behind the other.
const service = useService({ DATABASE_POOL_SIZE: '1' });
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
afterAll(() => {
  agent.destroy();
});

interface User {
  readonly name: string;
  readonly token: string;
  readonly task: Task;
}

async function createUser(name: string): Promise<User> {
  const token = await tokenOf(name);
  return { name, token, task: await createClient(service.url, token).create({ title: name }) };
}

/** Much faster than `fetch`. */
async function send({ token }: User, method: string, path: string, body?: object) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  httpRequest(service.url + path, {
    agent,
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  })
    .on('error', reject)
    .on('response', (response) => {
      text(response).then((received) => {
        resolve({ status: response.statusCode ?? 0, text: received });
      }, reject);
    })
    .end(body && JSON.stringify(body));
  return promise;
}

/** The requests that a user sends in turn, and the status of each. */
const requests = [
  (user: User) => [200, send(user, 'GET', `/api/tasks/${user.task.id}`)],
  (user: User) => [200, send(user, 'GET', '/api/tasks?limit=3')],
  (user: User) => [200, send(user, 'PATCH', `/api/tasks/${user.task.id}`, { title: user.name })],
  (user: User, other: User) => [404, send(user, 'GET', `/api/tasks/${other.task.id}`)],
  (user: User, other: User) => [404, send(user, 'PATCH', `/api/tasks/${other.task.id}/complete`)],
  (user: User) => [201, send(user, 'POST', '/api/tasks', { title: user.name })],
] as const;

test('two users whose requests are interleaved on one database connection never see each other', async () => {
  // With a space, which no cursor contains by chance.
  const users = [await createUser('user 1'), await createUser('user 2')] as const;
  let sent = 0;
  const wrong: unknown[] = [];
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (sent < REQUESTS) {
        const number = sent++;
        const [user, other] = number % 2 === 0 ? users : [users[1], users[0]];
        const make = requests[(number >> 1) % requests.length] ?? requests[0];
        const [expected, sending] = make(user, other) as [number, ReturnType<typeof send>];
        const { status, text: received } = await sending;
        const isOwn = status >= 400 || received.includes(user.name);
        if (status !== expected || !isOwn || received.includes(other.name))
          wrong.push({ user: user.name, status, received });
      }
    }),
  );
  expect(wrong).toEqual([]);
  for (const user of users)
    expect(JSON.parse((await send(user, 'GET', `/api/tasks/${user.task.id}`)).text)).toMatchObject({
      user_id: user.name,
      title: user.name,
      completed: false,
    });
});
