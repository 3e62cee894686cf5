import { expect, test } from 'vitest';
import { createMockAuth, mockCookies } from '../../../../frontend/app/lib/auth/mock.ts';
import { parseConfig } from '../../../../frontend/app/lib/config.ts';

async function cookiesAt(url: string): Promise<string[]> {
  return mockCookies(await createMockAuth(parseConfig({ MOCK: 'true', BETTER_AUTH_URL: url })));
}

test('the cookie is hidden from scripts, other sites and the network', async () => {
  const [cookie = '', ...others] = await cookiesAt('https://app.example.com');
  expect(others).toEqual([]);
  const [pair, ...attributes] = cookie.split('; ');
  expect(pair).toMatch(/^__Secure-better-auth\.session_token=/);
  expect(attributes.toSorted()).toEqual([
    'HttpOnly',
    'Max-Age=604800',
    'Path=/',
    'SameSite=Lax',
    'Secure',
  ]);
});

test.each(['http://localhost:3000', 'http://127.0.0.1:3000'])(
  'at %s it does not need TLS',
  async (url) => {
    const [cookie = ''] = await cookiesAt(url);
    expect(cookie).toMatch(/^better-auth\.session_token=.*; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain('Secure');
  },
);
