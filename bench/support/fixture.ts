import { taskIds } from './data.ts';
import { signInvalidToken, signToken } from './token.ts';
import type { Fixture } from './works.ts';

/** The page whose cursor is used begins after this many tasks. */
const DEPTH = 5000;
const PAGE = 100;
const ETAGS = 100;

/** Gets what the requests to a server need from its database and from itself. */
export async function fixtureOf(url: string, databaseUrl: string): Promise<Fixture> {
  const token = await signToken();
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const body = (await response.json()) as { next_cursor?: string | null };
    return { body, etag: response.headers.get('etag') };
  };
  const ids = await taskIds(databaseUrl);
  let cursor = '';
  for (let tasks = 0; tasks < DEPTH; tasks += PAGE) {
    const page = `/api/tasks?limit=${PAGE}${cursor && `&cursor=${cursor}`}`;
    cursor = (await get(page)).body.next_cursor ?? '';
  }
  const etags: string[] = [];
  for (const id of ids.slice(0, ETAGS)) etags.push((await get(`/api/tasks/${id}`)).etag ?? '');
  return { token, invalidToken: await signInvalidToken(), ids, etags, cursor };
}
