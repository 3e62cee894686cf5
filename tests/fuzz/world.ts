import { createClient, type Client } from '../support/client.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';
import type { TokenKind } from './call.ts';

const TASKS = 10;
/** A run may take as long as one likes. */
const LIFETIME_SECONDS = 365 * 24 * 60 * 60;

/** Who calls: an ordinary user, one whose id has to be encoded, and one with the longest id there can be. */
export const users: readonly string[] = ['alice', '../ü%2F?#+& 🦆', '😀'.repeat(255)];

/** The service under test with its users and their tasks. */
export interface World {
  readonly service: TestService;
  /** The value of `Authorization`; undefined for none. */
  authorization(caller: number, kind: TokenKind): string | undefined;
  /** The id of one of the caller's tasks. */
  taskOf(caller: number, index: number): string;
  /** Creates another task in the place of one that was deleted. */
  replaceTask(caller: number, index: number): Promise<void>;
  /** Creates other tasks in the place of all, which were deleted with their user. */
  replaceTasks(caller: number): Promise<void>;
}

interface User {
  readonly client: Client;
  readonly authorizations: Readonly<Record<TokenKind, string | undefined>>;
  readonly taskIds: string[];
}

/** Starts a service where each user has some tasks, of texts as long as they can be. */
export async function createWorld(): Promise<World> {
  const service = await startTestService();
  const people = await Promise.all(users.map((id) => createUser(service.url, id)));
  const user = (caller: number): User => {
    const found = people[caller];
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
      await Promise.all(user(caller).taskIds.map((_, index) => replaceTask(caller, index)));
    },
  };
}

const longestTask = { title: `${'\u0001'.repeat(199)}x`, description: '😀'.repeat(1000) };

async function createUser(url: string, id: string): Promise<User> {
  const token = await tokenOf(id, { exp: Math.floor(Date.now() / 1000) + LIFETIME_SECONDS });
  const client = createClient(url, token);
  const taskIds: string[] = [];
  for (let count = 0; count < TASKS; count++) taskIds.push((await client.create(longestTask)).id);
  const authorizations = {
    valid: `Bearer ${token}`,
    none: undefined,
    garbage: 'Bearer a.b.c',
    forged: `Bearer ${await forgedTokenOf(id)}`,
    expired: `Bearer ${await expiredTokenOf(id)}`,
  };
  return { client, authorizations, taskIds };
}
