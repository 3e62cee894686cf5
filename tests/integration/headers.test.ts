import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client } from '../support/client.ts';
import { requestText, sendRaw } from '../support/raw-socket.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService({
  CORS_ORIGINS:
    'https://app.example, https://other.example, https://tasks-*.preview.example, https://*.apps.example, ' +
    'capacitor://localhost, chrome-extension://abcdefghijklmnopabcdefghijklmnop',
});
let client: Client;

beforeAll(async () => {
  client = createClient(service.url, await tokenOf('alice'));
});

describe('X-Request-Id', () => {
  test.each(['a', '0', 'Az09._-', 'x'.repeat(128)])('%s is valid and returned', async (id) => {
    const response = await client.get('/livez', { headers: { 'X-Request-Id': id } });
    expect(response.headers.get('x-request-id')).toBe(id);
    const failed = await client.get('/nope', { headers: { 'X-Request-Id': id } });
    expect(failed.headers.get('x-request-id')).toBe(id);
  });

  test.each(['', 'a b', 'ä', 'a,b', '<script>', '../x', 'x'.repeat(129)])(
    '%s is invalid and replaced',
    async (id) => {
      const bytes = Buffer.from(
        requestText('GET /livez HTTP/1.1', { 'X-Request-Id': id }),
        'latin1',
      );
      const [response] = await sendRaw(service.port, bytes);
      expect(response?.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test('two values are invalid; every generated id is new', async () => {
    const bytes = 'GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n';
    const responses = await sendRaw(service.port, bytes + bytes, { responses: 2 });
    const ids = responses.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('CORS', () => {
  const preflight = (origin: string, path = '/api/tasks') =>
    client.request('OPTIONS', path, {
      token: null,
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'PATCH',
        'Access-Control-Request-Headers': 'authorization,if-match',
      },
    });

  test.each([
    'https://app.example',
    'https://other.example',
    'https://tasks-a1b2-team.preview.example',
    'https://tasks.apps.example',
    'capacitor://localhost',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  ])('allows %s', async (origin) => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-methods')).toBe('GET,HEAD,POST,PUT,PATCH,DELETE');
    expect(headers.get('access-control-allow-headers')).toBe(
      'Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,X-Request-Id',
    );
    expect(headers.get('vary')).toMatch(/\bOrigin\b/);
    expect(headers.has('access-control-allow-credentials')).toBe(false);
    const response = await client.get('/api/me', { headers: { Origin: origin } });
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
  });

  test.each([
    'https://evil.example',
    'https://app.example.evil',
    'http://app.example',
    'https://preview.example',
    'https://tasks-.preview.example',
    'https://tasks-*.preview.example',
    'https://tasks-a.b.preview.example',
    'https://tasks-a.preview.example.evil',
    'https://tasks-a.evil/.preview.example',
    'https://tasks-aXpreview.example',
    'https://apps.example',
    'https://a.b.apps.example',
    'chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba',
    'capacitor://localhost:1',
    'null',
  ])('does not allow %s', async (origin) => {
    const { headers } = await preflight(origin);
    expect(headers.has('access-control-allow-origin')).toBe(false);
    expect(headers.get('vary')).toMatch(/\bOrigin\b/);
    const response = await client.get('/api/me', { headers: { Origin: origin } });
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  test('allows a page to read the methods of a path', async () => {
    const origin = 'https://app.example';
    const response = await client.request('OPTIONS', '/api/tasks', { headers: { Origin: origin } });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-expose-headers')).toContain('Allow');
    expect(response.headers.get('allow')).toContain('POST');
  });

  test('exposes the headers of the contract, also of errors', async () => {
    for (const path of ['/api/me', '/api/tasks/nope', '/nope', '/%00']) {
      const { headers } = await client.get(path, { headers: { Origin: 'https://app.example' } });
      expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(headers.get('access-control-expose-headers')).toBe(
        'Allow,ETag,Link,Location,RateLimit,RateLimit-Policy,Retry-After,WWW-Authenticate,X-Request-Id',
      );
      expect(headers.get('vary')).toMatch(
        /\bAuthorization\b.*\bOrigin\b|\bOrigin\b.*\bAuthorization\b/,
      );
    }
  });
});

test.each(['/livez', '/api/me', '/api/tasks', '/nope', '/%00'])(
  '%s has the security headers, and does not reveal the server software',
  async (path) => {
    const { headers } = await client.get(path);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d+/);
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('server')).toBe(false);
  },
);
