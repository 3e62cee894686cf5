import { randomUUIDv7 } from 'node:crypto';
import { createClient, type Client } from '../support/client.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { insertTasks } from '../support/tasks.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';
import type { TokenKind } from './call.ts';

const TASKS = 10;
/** Tokens that outlast any timed run. */
const LIFETIME_SECONDS = 24 * 3600;

/** The users: an ordinary one, one whose id must be encoded, and one with the longest possible id. */
export const users: readonly string[] = ['alice', '../ü%2F?#+& 🦆', '😀'.repeat(255)];

/** The service under test, with its users and their tasks. */
export interface World {
  readonly service: TestService;
  /** The value of `Authorization`; undefined without a token. */
  authorization(caller: number, kind: TokenKind): string | undefined;
  /** The id of one of the caller's tasks. */
  taskOf(caller: number, index: number): string;
  /** Replaces a deleted task by a new one. */
  replaceTask(caller: number, index: number): Promise<void>;
  /** Replaces all tasks after their user was deleted. */
  replaceTasks(caller: number): Promise<void>;
  /** Replaces the tokens after they were revoked. */
  replaceTokens(caller: number): Promise<void>;
}

interface User {
  client: Client;
  authorizations: Readonly<Record<TokenKind, string | undefined>>;
  readonly taskIds: string[];
}

/** Starts a service where each user has some tasks with the longest possible texts. */
export async function createWorld(): Promise<World> {
  const service = await startTestService();
  const created = await Promise.all(users.map((id) => createUser(service, id)));
  const user = (caller: number): User => {
    const found = created[caller];
    if (!found) throw new Error(`there is no user ${caller}`);
    return found;
  };
  const replaceTask = async (caller: number, index: number) => {
    const { client, taskIds } = user(caller);
    taskIds[index] = (await client.create(longestTask)).id;
  };
  return {
    service,
    authorization: (caller, kind) => user(caller).authorizations[kind],
    taskOf: (caller, index) => user(caller).taskIds[index] ?? '',
    replaceTask,
    replaceTasks: async (caller) => {
      const { client, taskIds } = user(caller);
      taskIds.splice(0, TASKS, ...(await createTasks(service, client, users[caller] ?? '')));
    },
    replaceTokens: async (caller) => {
      Object.assign(user(caller), await signIn(service.url, users[caller] ?? ''));
    },
  };
}

const longestTask = { title: `${'\u0001'.repeat(199)}x`, description: '😀'.repeat(1000) };

async function createUser(service: TestService, id: string): Promise<User> {
  const user = await signIn(service.url, id);
  return { ...user, taskIds: await createTasks(service, user.client, id) };
}

/** Creates the tasks of a user who has none, and returns their ids. The first request creates the user. */
async function createTasks(service: TestService, client: Client, user: string): Promise<string[]> {
  const { id } = await client.create(longestTask);
  const others = Array.from({ length: TASKS - 1 }, () => ({ ...longestTask, id: randomUUIDv7() }));
  await insertTasks(service, user, others);
  return [id, ...others.map((task) => task.id)];
}

async function signIn(url: string, id: string): Promise<Omit<User, 'taskIds'>> {
  const token = await tokenOf(id, { exp: Math.floor(Date.now() / 1000) + LIFETIME_SECONDS });
  const authorizations = {
    valid: `Bearer ${token}`,
    none: undefined,
    garbage: 'Bearer a.b.c',
    forged: `Bearer ${await forgedTokenOf(id)}`,
    expired: `Bearer ${await expiredTokenOf(id)}`,
  };
  return { client: createClient(url, token), authorizations };
}
