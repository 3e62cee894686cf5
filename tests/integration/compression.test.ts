import { describe, expect, test } from 'vitest';
import { useService } from '../support/service.ts';
import { userWith } from '../support/tasks.ts';

const service = useService();
const tasks = Array.from({ length: 30 }, (_, index) => ({ title: `Task ${index}` }));

describe('a long list', () => {
  test.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'gzip'],
    ['zstd, br, gzip', 'br'],
    ['br;q=0.1, gzip;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['identity', null],
    ['zstd', null],
    ['gzip;q=0', null],
  ])('for Accept-Encoding "%s" has the Content-Encoding %s', async (accepted, encoding) => {
    const { client } = await userWith(service, tasks);
    const plain = await client.get('/api/tasks', { headers: { 'Accept-Encoding': 'identity' } });
    const response = await client.get('/api/tasks', { headers: { 'Accept-Encoding': accepted } });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toMatch(/\bAccept-Encoding\b/);
    expect(response.text).toBe(plain.text);
    if (encoding !== null)
      expect(Number(response.headers.get('content-length'))).toBeLessThan(plain.text.length / 2);
  });
});

test('a short list is not compressed', async () => {
  const { client } = await userWith(service, [{ title: 'One' }]);
  const { headers } = await client.get('/api/tasks', { headers: { 'Accept-Encoding': 'gzip' } });
  expect(headers.has('content-encoding')).toBe(false);
  expect(headers.get('vary')).toMatch(/\bAccept-Encoding\b/);
});

test('a long task has an ETag, so it is not compressed', async () => {
  const { client } = await userWith(service, []);
  const { id } = await client.create({ title: 'Long', description: 'x'.repeat(1000) });
  const { headers, text } = await client.get(`/api/tasks/${id}`, {
    headers: { 'Accept-Encoding': 'gzip' },
  });
  expect(text.length).toBeGreaterThan(1024);
  expect(headers.get('etag')).toBe('"1"');
  expect(headers.has('content-encoding')).toBe(false);
});
