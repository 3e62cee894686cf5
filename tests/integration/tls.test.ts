import { appendFile, chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateExtension, generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connect, createClient, disconnect } from '../../src/db/connection/client.ts';
import { connectionOptions } from '../../src/db/connection/connection-options.ts';
import { openDatabase } from '../../src/db/database.ts';
import { startEmbedded } from '../../src/embedded-postgres/start.ts';
import { connectionFailure } from '../../src/db/connection/connection-failure.ts';
import { migrate } from '../../src/db/migrate.ts';
import { citusUrl } from '../support/citus.ts';
import { administer } from '../support/server.ts';

let directory: string;
let server: { url: string; stop(): Promise<void> };

const path = (name: string) => join(directory, name);

/** Creates a key and its certificate, signed by the authority `issuer`; without an issuer, the certificate of an authority. */
async function certify(name: string, subject: string, issuer?: string): Promise<void> {
  const extensions: CertificateExtension[] = issuer
    ? [{ name: 'subjectAltName', altNames: [{ type: 2, value: subject }] }]
    : [{ name: 'basicConstraints', cA: true, critical: true }];
  const { cert, private: key } = await generate([{ name: 'commonName', value: subject }], {
    algorithm: 'sha256',
    extensions,
    ...(issuer && {
      ca: {
        cert: await readFile(path(`${issuer}.crt`), 'utf8'),
        key: await readFile(path(`${issuer}.key`), 'utf8'),
      },
    }),
  });
  await writeFile(path(`${name}.crt`), cert);
  // If the tests run as root, the server runs as another user, whatever the umask is.
  await chmod(path(`${name}.crt`), 0o644);
  await writeFile(path(`${name}.key`), key, { mode: 0o600 });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-api-tls-'));
  await chmod(directory, 0o755);
  await certify('authority', 'authority');
  await certify('stranger', 'stranger');
  await certify('server', 'localhost', 'authority');
  await certify('client', 'tasks', 'authority');

  const options = { dataDir: path('data'), log: () => undefined };
  const plain = await startEmbedded(options);
  await administer(plain.url, 'create database only_tls');
  await administer(plain.url, 'create database only_certificate');
  await plain.stop();
  const configuration = join(options.dataDir, 'postgres', 'postgresql.conf');
  const { uid, gid } = await stat(configuration);
  await chown(path('server.key'), uid, gid);
  await appendFile(
    configuration,
    `
    ssl = on
    ssl_cert_file = '${path('server.crt')}'
    ssl_key_file = '${path('server.key')}'
    ssl_ca_file = '${path('authority.crt')}'
    `,
  );
  const access = join(options.dataDir, 'postgres', 'pg_hba.conf');
  await writeFile(
    access,
    `
    hostnossl only_tls all all reject
    hostssl only_certificate all all cert
    ${await readFile(access, 'utf8')}`,
  );
  server = await startEmbedded(options);
});

afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true });
});

interface Place {
  base?: string;
  host?: string;
  database?: string;
}

/** Connects with these parameters, and returns whether the connection uses TLS. */
async function usesTls(
  parameters: string,
  { base = server.url, host = 'localhost', database = 'tasks' }: Place = {},
): Promise<boolean> {
  const url = new URL(base);
  url.hostname = host;
  url.pathname = database;
  url.search = parameters.replaceAll('DIRECTORY', directory);
  const options = await connectionOptions(url.href);
  const client = createClient(options);
  await connect(client).catch((error: unknown) => {
    throw connectionFailure(options, error);
  });
  const { rows } = await client.query<{ ssl: boolean }>(
    'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
  );
  await disconnect(client);
  return rows[0]?.ssl ?? false;
}

const plainServer = { base: inject('databaseUrl'), host: '127.0.0.1' };

describe('a server with TLS', () => {
  test.each([
    ['', true],
    ['sslmode=disable', false],
    ['sslmode=allow', false],
    ['sslmode=prefer', true],
    ['sslmode=require', true],
    ['sslmode=require&channel_binding=require', true],
    ['sslmode=require&sslnegotiation=direct', true],
    ['sslmode=require&sslrootcert=DIRECTORY/authority.crt', true],
    ['sslmode=verify-ca&sslrootcert=DIRECTORY/authority.crt', true],
    ['sslmode=verify-full&sslrootcert=DIRECTORY/authority.crt', true],
    ['sslmode=verify-full&sslrootcert=DIRECTORY/authority.crt&channel_binding=require', true],
  ])('%s: TLS %s', async (parameters, expected) => {
    await expect(usesTls(parameters)).resolves.toBe(expected);
  });

  test.each([
    'sslmode=require&sslrootcert=DIRECTORY/stranger.crt',
    'sslmode=verify-ca&sslrootcert=DIRECTORY/stranger.crt',
    'sslmode=verify-full&sslrootcert=DIRECTORY/stranger.crt',
    'sslmode=verify-full',
    'sslrootcert=system',
  ])('%s rejects an unknown issuer', async (parameters) => {
    await expect(usesTls(parameters)).rejects.toThrow(
      /^DATABASE_URL: cannot connect to localhost:.*certificate.*; check sslrootcert/,
    );
  });

  test('verify-full rejects another host name, verify-ca does not', async () => {
    const elsewhere = { host: '127.0.0.1' };
    const issuer = 'sslrootcert=DIRECTORY/authority.crt';
    await expect(usesTls(`sslmode=verify-ca&${issuer}`, elsewhere)).resolves.toBe(true);
    await expect(usesTls(`sslmode=verify-full&${issuer}`, elsewhere)).rejects.toThrow(
      /^DATABASE_URL: .*does not match/,
    );
  });

  test('allow uses TLS if the server requires it', async () => {
    const strict = { database: 'only_tls' };
    await expect(usesTls('sslmode=allow', strict)).resolves.toBe(true);
    await expect(usesTls('sslmode=disable', strict)).rejects.toThrow(/^DATABASE_URL: .*pg_hba/);
  });

  test('the client certificate is sent', async () => {
    const strict = { database: 'only_certificate' };
    const certificate = 'sslcert=DIRECTORY/client.crt&sslkey=DIRECTORY/client.key';
    await expect(usesTls(`sslmode=require&${certificate}`, strict)).resolves.toBe(true);
    await expect(usesTls('sslmode=require', strict)).rejects.toThrow(
      /^DATABASE_URL: .*certificate/,
    );
  });

  test('migrations and the pool use the same TLS settings', async () => {
    const url = `${server.url}?sslmode=require&channel_binding=require`;
    await migrate(url, { info: () => undefined });
    const database = await openDatabase({ url, poolSize: 1 });
    await expect(database.ping()).resolves.toBeUndefined();
    await database.close();
  });
});

// Citus turns TLS on.
describe.skipIf(citusUrl !== undefined)('a server without TLS', () => {
  test.each(['', 'sslmode=prefer', 'sslmode=allow', 'sslmode=disable'])(
    '%s connects without TLS',
    async (parameters) => {
      await expect(usesTls(parameters, plainServer)).resolves.toBe(false);
    },
  );

  test.each(['sslmode=require', 'sslmode=verify-full'])('%s fails', async (parameters) => {
    await expect(usesTls(parameters, plainServer)).rejects.toThrow(
      /^DATABASE_URL: .*does not support TLS/,
    );
  });

  test('channel_binding=require fails before a password is sent', async () => {
    await expect(usesTls('channel_binding=require', plainServer)).rejects.toThrow(
      /^DATABASE_URL: .*does not offer channel binding/,
    );
  });
});
