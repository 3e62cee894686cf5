import { describe, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const token = await tokenOf('alice');

/** Creates two tasks, and returns the paths of the links in the responses. */
async function linksOf(service: { readonly url: string }, headers: Record<string, string> = {}) {
  const client = createClient(service.url, token);
  const paths = ['/api/tasks', '/api/alice/tasks'];
  const created = await Promise.all(
    paths.map((path) => client.post(path, { title: 'Buy milk' }, { headers })),
  );
  const lists = await Promise.all(paths.map((path) => client.get(`${path}?limit=1`, { headers })));
  return [
    ...created.map((it) => it.headers.get('location')?.replace(/[\da-f-]{36}$/, 'ID')),
    ...lists.map((it) => it.headers.get('link')?.replace(/\?.*/, '')),
  ];
}

const linksWith = (prefix: string) => [
  `${prefix}/api/tasks/ID`,
  `${prefix}/api/alice/tasks/ID`,
  `<${prefix}/api/tasks`,
  `<${prefix}/api/alice/tasks`,
];

describe('with PUBLIC_URL', () => {
  const service = useService({
    PUBLIC_URL: 'https://example.com/todo',
    TRUSTED_PROXIES: '127.0.0.1',
  });

  test('links begin with its path, whatever X-Forwarded-Prefix says', async () => {
    expect(await linksOf(service)).toEqual(linksWith('/todo'));
    const headers = { 'X-Forwarded-Prefix': '/other' };
    expect(await linksOf(service, headers)).toEqual(linksWith('/todo'));
  });
});

describe('behind a trusted proxy', () => {
  const service = useService({ TRUSTED_PROXIES: '127.0.0.1' });

  test.each([
    ['/todo', '/todo'],
    ['/todo/', '/todo'],
    ['/a/b-c.d~e%20', '/a/b-c.d~e%20'],
    ['', ''],
    ['/', ''],
    ['todo', ''],
    ['//evil.example', ''],
    ['/todo//x', ''],
    ['https://evil.example', ''],
    ['/todo, /other', ''],
    ['/todo>; rel="evil"', ''],
    ['/todo?x', ''],
  ])('X-Forwarded-Prefix: %s makes links begin with "%s"', async (header, prefix) => {
    expect(await linksOf(service, { 'X-Forwarded-Prefix': header })).toEqual(linksWith(prefix));
  });

  test('X-Forwarded-Prefix also counts with X-Forwarded-For', async () => {
    const headers = { 'X-Forwarded-Prefix': '/todo', 'X-Forwarded-For': '203.0.113.9' };
    expect(await linksOf(service, headers)).toEqual(linksWith('/todo'));
  });
});

describe('behind a proxy that is not trusted', () => {
  const service = useService();

  test('X-Forwarded-Prefix is ignored', async () => {
    expect(await linksOf(service, { 'X-Forwarded-Prefix': '/todo' })).toEqual(linksWith(''));
  });
});
