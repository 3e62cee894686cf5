import type { ApiResponse, Client, Task } from './client.ts';

/** Changes a task, with a value of `If-Match` if one is given. */
type Change = (client: Client, path: string, ifMatch?: string) => Promise<ApiResponse<Task>>;

const given = (ifMatch?: string) =>
  ifMatch === undefined ? {} : { headers: { 'If-Match': ifMatch } };

/** Every kind of change of a task. */
export const changes: [string, Change][] = [
  ['PUT', (client, path, tag) => client.put(path, { title: 'Changed' }, given(tag))],
  ['PATCH', (client, path, tag) => client.patch(path, { title: 'Changed' }, given(tag))],
  ['toggle', (client, path, tag) => client.patch(`${path}/complete`, undefined, given(tag))],
  [
    'complete',
    (client, path, tag) => client.patch(`${path}/complete`, { completed: true }, given(tag)),
  ],
  ['DELETE', (client, path, tag) => client.request('DELETE', path, given(tag))],
];

export const tagOf = ({ headers }: ApiResponse): string => headers.get('etag') ?? '';

/** Creates a task, and returns its path, its ETag and the body of the response. */
export async function someTask(client: Client, body: unknown = { title: 'Buy milk' }) {
  const created = await client.post('/api/tasks', body);
  return { path: `/api/tasks/${created.body.id}`, tag: tagOf(created), text: created.text };
}
