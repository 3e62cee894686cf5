import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  type Problem,
  type ApiResponse,
  type Task,
  createClient,
} from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

const etag = (response: ApiResponse) => response.headers.get('etag');

const updates: [string, (path: string, body: unknown) => Promise<ApiResponse<Task>>][] = [
  ['PUT', (path, body) => alice.put(path, body)],
  ['PATCH', (path, body) => alice.patch(path, body)],
  [
    'PATCH with application/merge-patch+json',
    (path, body) =>
      alice.patch(path, body, { headers: { 'Content-Type': 'application/merge-patch+json' } }),
  ],
];

const cases = updates.flatMap(([name, update]) =>
  ['/api/tasks', '/api/alice/tasks'].map((base) => ({ name, base, update })),
);

describe.each(cases)('$name $base', ({ base, update }) => {
  const before = { title: 'Before', description: 'As it was', completed: true };

  test.each([
    [{ title: 'After' }],
    [{ description: 'As it is' }],
    [{ description: null }],
    [{ description: '' }],
    [{ completed: false }],
    [{ title: 'After', description: null, completed: false }],
  ])('changes %j and keeps the other fields', async (changes) => {
    const created = await alice.post(base, before);
    const updated = await update(`${base}/${created.body.id}`, changes);
    expect(updated.status, updated.text).toBe(200);
    expect(updated.body).toEqual({
      ...created.body,
      ...changes,
      updated_at: updated.body.updated_at,
    });
    expect(updated.body.updated_at > created.body.updated_at).toBe(true);
    expect(etag(updated)).not.toBe(etag(created));
    expect(updated.headers.get('cache-control')).toBe('private, no-cache');
    expect(updated.headers.get('vary')).toMatch(/\bAuthorization\b/);
    const found = await alice.get(`${base}/${created.body.id}`);
    expect(found.text).toBe(updated.text);
    expect(etag(found)).toBe(etag(updated));
  });

  test.each([
    [{ title: 'Before' }],
    [{ description: 'As it was' }],
    [{ completed: true }],
    [{ title: 'Before', description: 'As it was', completed: true }],
  ])('changes nothing with %j', async (changes) => {
    const created = await alice.post(base, before);
    const path = `${base}/${created.body.id}`;
    const updated = await update(path, changes);
    expect(updated.status, updated.text).toBe(200);
    expect(updated.text).toBe(created.text);
    expect(etag(updated)).toBe(etag(created));
    const found = await alice.get(path);
    expect(found.text).toBe(created.text);
    expect(etag(found)).toBe(etag(created));
  });

  test('changes nothing, with If-Match, if the version is the current one', async () => {
    const created = await alice.post(base, before);
    const path = `${base}/${created.body.id}`;
    const unchanged = (ifMatch: string | null) =>
      alice.patch(path, { title: 'Before' }, { headers: { 'If-Match': ifMatch ?? '' } });
    const same = await unchanged(etag(created));
    expect([same.status, etag(same)]).toEqual([200, etag(created)]);
    await alice.patch(path, { completed: false });
    expect((await unchanged(etag(created))).status).toBe(412);
  });

  test('changes nothing by clearing an empty description', async () => {
    const created = await alice.post(base, { title: 'Before' });
    const updated = await update(`${base}/${created.body.id}`, { description: null });
    expect(updated.text).toBe(created.text);
    expect(etag(updated)).toBe(etag(created));
  });

  test('changes the case and the normalization form of a title', async () => {
    const created = await alice.post(base, { title: 'Zoë' });
    const path = `${base}/${created.body.id}`;
    const tags = [etag(created)];
    for (const title of ['zoë', 'zoe\u0308']) {
      const updated = await update(path, { title });
      expect(updated.body.title).toBe(title);
      tags.push(etag(updated));
    }
    expect(new Set(tags).size).toBe(3);
  });

  test.each([
    ['id', '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21'],
    ['user_id', 'alice'],
    ['created_at', '2026-11-21T09:30:00Z'],
    ['updated_at', '2026-11-21T09:30:00Z'],
    ['version', 7],
    ['colour', 'red'],
  ])('rejects %s and changes nothing', async (name, value) => {
    const created = await alice.post(base, before);
    const path = `${base}/${created.body.id}`;
    const refused = await update(path, { title: 'After', [name]: value });
    expect(refused.status).toBe(422);
    expect((refused.body as unknown as Problem).errors).toMatchObject([{ in: 'body', name }]);
    const found = await alice.get(path);
    expect(found.text).toBe(created.text);
    expect(etag(found)).toBe(etag(created));
  });

  test.each([
    [{}, 'body'],
    [{ title: null }, 'title'],
    [{ title: '' }, 'title'],
    [{ title: 7 }, 'title'],
    [{ description: 7 }, 'description'],
    [{ completed: null }, 'completed'],
    [{ completed: 'true' }, 'completed'],
  ])('rejects %j', async (changes, name) => {
    const task = await alice.create(before);
    const refused = await update(`${base}/${task.id}`, changes);
    expect(refused.status).toBe(422);
    expect((refused.body as unknown as Problem).errors).toMatchObject([{ in: 'body', name }]);
    expect((await alice.get(`${base}/${task.id}`)).body).toEqual(task);
  });

  test('requires a body', async () => {
    const task = await alice.create(before);
    expect((await update(`${base}/${task.id}`, undefined)).status).toBe(422);
  });
});
