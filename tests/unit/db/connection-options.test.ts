import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../../src/errors/config-error.ts';
import { connectionOptions } from '../../../src/db/connection/connection-options.ts';

const me = userInfo().username;

describe('connectionOptions parses a URL like libpq', () => {
  test.each([
    ['postgres://u:p@h:6000/d', { user: 'u', password: 'p', host: 'h', port: 6000, database: 'd' }],
    ['postgresql://u@h', { user: 'u', host: 'h', port: 5432, database: 'u' }],
    ['postgres://', { user: me, host: 'localhost', port: 5432, database: me }],
    ['postgres:///d', { user: me, host: 'localhost', database: 'd' }],
    [
      'postgres://u:p@/d?host=/run/pg',
      { user: 'u', password: 'p', host: '/run/pg', database: 'd' },
    ],
    ['postgres://u@%2Frun%2Fpg:6000/d', { host: '/run/pg', port: 6000, database: 'd' }],
    [
      'postgres:///?host=/run/pg&port=6000&user=u&password=p+&dbname=d',
      { host: '/run/pg', port: 6000, user: 'u', password: 'p+', database: 'd' },
    ],
    ['postgres://u@[::1]:6000/d', { host: '::1', port: 6000 }],
    ['postgres://a%40b:p%2F%3A%23%25@h/d%20e', { user: 'a@b', password: 'p/:#%', database: 'd e' }],
    [
      'postgres://u@h/d?application_name=me&options=-c%20a%3Db',
      { application_name: 'me', options: '-c a=b' },
    ],
    ['postgres://u@h/d', { application_name: 'tasks-api', connectionTimeoutMillis: 5000 }],
    ['postgres://u@h/d?connect_timeout=12', { connectionTimeoutMillis: 12_000 }],
    [
      'postgres://u@h/d?channel_binding=disable',
      { enableChannelBinding: false, requireChannelBinding: false },
    ],
    ['postgres://u@h/d', { enableChannelBinding: true, requireChannelBinding: false }],
    [
      'postgres://u@h/d?target_session_attrs=read-write&pgbouncer=true&gssencmode=prefer',
      { host: 'h' },
    ],
  ])('%s', async (url, expected) => {
    const separator = url.includes('?') ? '&' : '?';
    const options = await connectionOptions(`${url}${separator}sslmode=disable`);
    expect(options).toMatchObject({ ...expected, ssl: false });
  });

  test.each([
    'ep-a-b-123.eu-central-1.aws.neon.tech',
    'ep-a-b-123-pooler.eu-central-1.aws.neon.tech',
  ])('a Neon URL, copied from its console: %s', async (host) => {
    const url = `postgresql://o:npg_x@${host}/neondb?sslmode=require&channel_binding=require`;
    await expect(connectionOptions(url)).resolves.toMatchObject({
      host,
      user: 'o',
      password: 'npg_x',
      database: 'neondb',
      ssl: { rejectUnauthorized: false },
      enableChannelBinding: true,
      requireChannelBinding: true,
    });
  });

  test('a Unix socket does not use TLS, for any sslmode', async () => {
    const options = await connectionOptions('postgres:///d?host=/run/pg&sslmode=require');
    expect(options.ssl).toBe(false);
  });
});

test.each([
  ['postgres://u:p#w@h/d', 'not a valid URL'],
  ['postgres://u:p%zz@h/d', 'not a valid URL'],
  ['postgres://u:secret@h:99999/d', 'not a valid URL'],
  ['postgres://u:secret@h/d?port=0', 'port must be'],
  ['postgres://u:secret@h1,h2/d', 'must contain exactly one host'],
  ['postgres://u:secret@h/d?sslmode=full', 'sslmode must be one of disable, allow, prefer'],
  ['postgres://u:secret@h/d?channel_binding=yes', 'channel_binding must be'],
])('%s is rejected with one line, without the password', async (url, message) => {
  const error: unknown = await connectionOptions(url).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toContain(`DATABASE_URL: ${message}`);
  expect(String(error)).not.toMatch(/secret|p#w|\n/);
});

test('a failed TLS probe names the server', async () => {
  await expect(connectionOptions('postgres://u:secret@127.0.0.1:1/d')).rejects.toThrow(
    'DATABASE_URL: cannot connect to 127.0.0.1:1 as u: connection refused',
  );
});

test('a TLS probe without a response times out', async () => {
  const silent = createServer((socket) => socket.setTimeout(5_000, () => socket.destroy()));
  const server = silent.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(
    connectionOptions(`postgres://u@127.0.0.1:${port}/d?connect_timeout=0.01`),
  ).rejects.toThrow(`cannot connect to 127.0.0.1:${port} as u: connection timed out`);
});
