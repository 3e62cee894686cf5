import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import express from 'express';
import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadDocuments } from '../../src/docs/documents.ts';
import { contentSecurityPolicyOf } from '../../src/docs/content-security-policy.ts';
import { serveDocs } from '../../src/docs/serve-docs.ts';
import { createCommonHeaders, setCommonHeaders } from '../../src/http/common-headers.ts';
import { sendProblem } from '../../src/http/problem-response.ts';
import { requestId } from '../../src/http/request-id.ts';
import { createClient, type Client, type Problem } from '../support/client.ts';
import { requestText, sendRaw } from '../support/raw-socket.ts';
import { useService } from '../support/service.ts';

const PAGE = readFileSync('dist/docs/index.html', 'utf8');
const CONTRACT = readFileSync('openapi/tasks.yaml', 'utf8');

const service = useService({
  CORS_ORIGINS: 'https://app.example',
  // The URL in the contract, so that the documents are served unchanged.
  PUBLIC_URL: 'http://localhost:8000',
});
let client: Client;

beforeAll(() => {
  client = createClient(service.url);
});

const paths = [
  ['/docs', 'text/html; charset=utf-8', PAGE],
  ['/openapi.yaml', 'application/yaml', CONTRACT],
  ['/openapi.json', 'application/json; charset=utf-8', JSON.stringify(parse(CONTRACT))],
] as const;

describe.each(paths)('%s', (path, type, body) => {
  const get = (headers: Record<string, string> = {}) => fetch(service.url + path, { headers });

  test('is public, readable from any origin, and revalidated', async () => {
    for (const origin of ['https://app.example', 'https://other.example']) {
      const { status, headers } = await get({ Origin: origin });
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('cache-control')).toBe('public, no-cache');
      expect(headers.get('vary')).toBe('Accept-Encoding');
    }
  });

  test('is complete, compressed or not', async () => {
    const plain = await get({ 'Accept-Encoding': 'identity' });
    expect(plain.headers.has('content-encoding')).toBe(false);
    expect(plain.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
    expect((await plain.text()) === body).toBe(true);
    const compressed = await get({ 'Accept-Encoding': 'gzip' });
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(Number(compressed.headers.get('content-length'))).toBeLessThan(body.length / 3);
    expect((await compressed.text()) === body).toBe(true);
    expect(compressed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
  });

  test.each(['identity', 'gzip', 'br, gzip'])('revalidates by ETag (%s)', async (coding) => {
    const etag = (await get({ 'Accept-Encoding': coding })).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}(-gzip|-br)?"$/);
    for (const tags of [`"other", ${etag}`, '*']) {
      const again = await get({ 'Accept-Encoding': coding, 'If-None-Match': tags });
      expect(again.status).toBe(304);
      expect(again.headers.get('etag')).toBe(etag);
      expect(await again.text()).toBe('');
    }
    const changed = await get({ 'Accept-Encoding': coding, 'If-None-Match': '"other"' });
    expect(changed.status).toBe(200);
  });

  test('HEAD has the headers of GET and no body', async () => {
    const bytes = requestText(`HEAD ${path} HTTP/1.1`, { Connection: 'close' });
    const [response] = await sendRaw(service.port, bytes, { head: true });
    expect(response?.status).toBe(200);
    expect(response?.headers.get('content-type')).toBe(type);
    expect(response?.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('does not support %s', async (method) => {
    const response = await client.request<Problem>(method, path);
    expect(response.status).toBe(405);
    expect(response.body.code).toBe('method-not-allowed');
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('OPTIONS lists the methods', async () => {
    const response = await client.request('OPTIONS', path);
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('is not found at a similar path', async () => {
    expect((await client.get(`${path}/`)).status).toBe(404);
    expect((await client.get(path.toUpperCase())).status).toBe(404);
  });

  test('has the security headers', async () => {
    const { headers } = await get();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

describe('the content encoding of the page', () => {
  const get = (accepted: string) =>
    fetch(`${service.url}/docs`, { headers: { 'Accept-Encoding': accepted } });

  test.each([
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['*', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['zstd', null],
  ])('for Accept-Encoding: %s', async (accepted, coding) => {
    const response = await get(accepted);
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect((await response.text()) === PAGE).toBe(true);
  });

  test('makes the page smaller, and has its own ETag', async () => {
    const responses = await Promise.all(['br', 'gzip', 'identity'].map(get));
    const sizes = responses.map(({ headers }) => Number(headers.get('content-length')));
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
    expect(new Set(responses.map(({ headers }) => headers.get('etag'))).size).toBe(3);
  });

  test('is never the compressed copy of another page', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tasks-api-docs-'));
    try {
      const page = pathToFileURL(join(folder, 'index.html'));
      await writeFile(page, 'new');
      await writeFile(`${page.pathname}.br`, brotliCompressSync('old'));
      expect((await loadDocuments(service.url, './', page)).get('/docs')?.encoded.has('br')).toBe(
        false,
      );
      await writeFile(`${page.pathname}.br`, brotliCompressSync('new'));
      expect((await loadDocuments(service.url, './', page)).get('/docs')?.encoded.has('br')).toBe(
        true,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the documents lead to the service that they come from', () => {
  const urlsIn = (text: string) =>
    new Set(text.match(/https?:\/\/[\w.]+(:\d+)?(\/todo)?(?=\/api)/g));
  interface Contract {
    readonly servers: readonly { readonly url: string }[];
    readonly info: { readonly description: string };
  }

  describe.each([
    ['by default', {}, './', undefined],
    [
      'with a prefix',
      { PUBLIC_URL: 'https://example.com/todo/' },
      'https://example.com/todo',
      'https://example.com/todo',
    ],
  ])('%s', (_, environment, server, publicUrl) => {
    const other = useService({ HOST: '127.0.0.1', ...environment });
    const url = () => publicUrl ?? `http://localhost:${other.port}`;

    test('openapi.yaml and openapi.json', async () => {
      const yaml = parse(await (await fetch(`${other.url}/openapi.yaml`)).text()) as Contract;
      const json = (await (await fetch(`${other.url}/openapi.json`)).json()) as Contract;
      expect(json).toEqual(yaml);
      expect(json.servers.map((it) => it.url)).toEqual([server]);
      expect(urlsIn(json.info.description)).toEqual(new Set([url()]));
    });

    test('the samples of the page, under its policy', async () => {
      const response = await fetch(`${other.url}/docs`);
      const html = await response.text();
      expect(html.includes(`${url()}/api/tasks`)).toBe(true);
      expect(html.includes('localhost:8000')).toBe(false);
      expect(html.includes('href="openapi.yaml"')).toBe(true);
      expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicyOf(html));
    });
  });
});

describe('the policy of the page', () => {
  test('allows only the scripts and styles of the page, by hash', async () => {
    const { headers } = await fetch(`${service.url}/docs`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toBe(contentSecurityPolicyOf(PAGE));
    const directives = new Map(
      policy.split(';').map((directive) => {
        const [name = '', ...values] = directive.split(' ');
        return [name, values] as const;
      }),
    );
    const {
      'script-src': scripts,
      'style-src-elem': styles,
      ...others
    } = Object.fromEntries(directives);
    for (const hash of [...(scripts ?? []), ...(styles ?? [])]) {
      expect(hash).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/);
    }
    expect(others).toEqual({
      'default-src': ["'none'"],
      'style-src-attr': ["'unsafe-inline'"],
      'img-src': ['data:'],
      'font-src': ['data:'],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
  });

  test('changes with every script and style', () => {
    const policies = [
      '<style>a{}</style><script>1</script>',
      '<style>b{}</style><script>1</script>',
      '<style>a{}</style><script>2</script>',
      '<style>a{}</style><script>1</script><script type="module">3\n</script>',
    ].map(contentSecurityPolicyOf);
    expect(new Set(policies).size).toBe(4);
  });
});

describe('the page', () => {
  // Without scripts: the page is too large for the message of a failed test.
  const markup = PAGE.replace(/<script\b[^>]*>.*?<\/script>/gs, '');

  test('has telemetry disabled', () => {
    const [, options = ''] = /__redoc_options = (\{.*\});/.exec(PAGE) ?? [];
    expect(JSON.parse(options)).toMatchObject({ disableTelemetry: true });
  });

  test.each([
    /<(script|iframe|object|embed|base)\b/,
    /@import/,
    /\b(src|srcset|poster|data)=/,
    /url\((?!["']?data:)/,
    /<link\b(?![^>]*\bhref="data:)/,
  ])('loads nothing from other origins: %s', (pattern) => {
    expect(pattern.exec(markup)?.[0]).toBeUndefined();
  });

  test('has no logo to fetch', () => {
    expect(PAGE.includes('https://cdn.redoc.ly/')).toBe(false);
  });

  test('is a not-found problem that says what to do if the page is not built', async () => {
    const documents = () => loadDocuments(service.url, './', new URL('file:///nowhere/index.html'));
    const app = express();
    app.use(
      requestId,
      setCommonHeaders(createCommonHeaders([])),
      serveDocs(documents),
      sendProblem(pino({ enabled: false })),
    );
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const response = await createClient(`http://127.0.0.1:${port}`).get<Problem>('/docs');
      expect(response.body.code).toBe('not-found');
      expect(response.body.detail).toContain('make docs');
      expect((await fetch(`http://127.0.0.1:${port}/openapi.yaml`)).status).toBe(200);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
