import type { Request } from 'autocannon';
import { CREATED_TITLE } from './data.ts';

/** What the requests to a server need. */
export interface Fixture {
  readonly token: string;
  /** Signed with another key. */
  readonly invalidToken: string;
  /** The ids of the user's tasks. */
  readonly ids: readonly string[];
  /** The ETag of each of the first tasks, from servers that send one. */
  readonly etags: readonly string[];
  /** The cursor to a page in the middle of the list. */
  readonly cursor: string;
}

/** One kind of requests. */
export interface Work {
  readonly title: string;
  /** The statuses of a successful response. */
  readonly statuses: readonly number[];
  /** Whether it changes rows, so that the database has to be cleaned up. */
  readonly writes?: true;
  /** Whether it ends before a query. */
  readonly withoutDatabase?: true;
  /** The n-th request. */
  readonly request: (n: number, fixture: Fixture) => Request;
}

const json = { 'content-type': 'application/json' };
const authorization = (token: string) => ({ authorization: `Bearer ${token}` });
/** The first tasks are read; the others are completed. */
const READ_TASKS = 2000;

const read = (path: (n: number, fixture: Fixture) => string) => (n: number, fixture: Fixture) => ({
  method: 'GET' as const,
  path: path(n, fixture),
  headers: authorization(fixture.token),
});
const write =
  (method: 'POST' | 'PATCH', path: (n: number, fixture: Fixture) => string, body: object) =>
  (n: number, fixture: Fixture) => ({
    method,
    path: path(n, fixture),
    headers: { ...authorization(fixture.token), ...json },
    body: JSON.stringify(body),
  });
const pathOf = (id = '') => `/api/tasks/${id}`;
const readPath = (n: number, { ids }: Fixture) => pathOf(ids[n % READ_TASKS]);

const get = read(readPath);
const list = read(() => '/api/tasks?limit=20');
const create = write('POST', () => '/api/tasks', {
  title: CREATED_TITLE,
  description: 'In the afternoon, before the shop closes',
});
const complete = write(
  'PATCH',
  (n, { ids }) => `${pathOf(ids[READ_TASKS + (n % (ids.length - READ_TASKS))])}/complete`,
  { completed: true },
);
/** 60 % lists, 20 % gets, 10 % creations, 10 % completions. */
const mix = [list, get, list, create, list, list, get, list, complete, list] as const;

/** In the order of the measurements: a get is next to the works that are compared with it, because machines change their speed. */
export const works = {
  list: { title: 'list 20', statuses: [200], request: list },
  deep: {
    title: 'list 20 at depth',
    statuses: [200],
    request: read((_, { cursor }) => `/api/tasks?limit=20&cursor=${cursor}`),
  },
  create: { title: 'create', statuses: [201], writes: true, request: create },
  complete: { title: 'complete', statuses: [200], writes: true, request: complete },
  mix: {
    title: 'mix',
    statuses: [200, 201],
    writes: true,
    request: (n, fixture) => (mix[n % mix.length] ?? list)(n, fixture),
  },
  get: { title: 'get', statuses: [200], request: get },
  unchanged: {
    title: 'not modified (304)',
    statuses: [304],
    request: (n, fixture) => {
      const task = n % fixture.etags.length;
      const request = get(task, fixture);
      return { ...request, headers: { ...request.headers, 'if-none-match': fixture.etags[task] } };
    },
  },
  refused: {
    title: 'refused token (401)',
    statuses: [401],
    withoutDatabase: true,
    request: (n, fixture) => ({
      ...get(n, fixture),
      headers: authorization(fixture.invalidToken),
    }),
  },
  unknown: {
    title: 'unknown path (404)',
    statuses: [404],
    withoutDatabase: true,
    request: read((n, { ids }) => `/api/lists/${ids[n % READ_TASKS] ?? ''}`),
  },
  invalid: {
    title: 'invalid body (422)',
    // Fastify responds with 400.
    statuses: [422, 400],
    withoutDatabase: true,
    request: write('POST', () => '/api/tasks', { title: '', completed: 'yes' }),
  },
} satisfies Record<string, Work>;

export type WorkName = keyof typeof works;

/** The works that are compared first. */
export const BASIC = ['get', 'list', 'create', 'complete'] as const satisfies WorkName[];

/**
 * The requests of one connection. Connections start at different ones, so that they do not write the same rows at the same
 * time.
 */
export function requestsOf(
  { request }: Work,
  fixture: Fixture,
  connection: number,
  connections: number,
): Request[] {
  const count = Math.max(20, Math.ceil(1000 / connections));
  // With `count + 1` instead of `count`, each connection begins with another request of the mix.
  const first = connection * (count + 1);
  return Array.from({ length: count }, (_, n) => request(first + n, fixture));
}
