import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tlsSettings } from '../../../src/db/connection/tls.ts';

let directory: string;
let file: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasks-api-tls-'));
  file = join(directory, 'file.pem');
  await writeFile(file, 'contents');
});

afterAll(() => rm(directory, { recursive: true }));

const settings = (query: string) => {
  const { mode, direct, options } = tlsSettings(
    new URLSearchParams(query.replaceAll('FILE', file)),
  );
  return {
    mode,
    direct,
    verifiesIssuer: options.rejectUnauthorized,
    verifiesHost: options.rejectUnauthorized === true && !options.checkServerIdentity,
    issuers: options.ca,
    options,
  };
};

describe('sslmode has the semantics of libpq', () => {
  test.each<[string, string, boolean, boolean]>([
    ['', 'prefer', false, false],
    ...['ssl=true', 'ssl=TRUE', 'ssl=1', 'ssl=on', 'ssl=require', 'tls=true', 'tls=require'].map(
      (query): [string, string, boolean, boolean] => [query, 'require', false, false],
    ),
    ...['ssl=false', 'ssl=0', 'tls=off', 'ssl=disable', 'ssl=0&sslmode=disable'].map(
      (query): [string, string, boolean, boolean] => [query, 'disable', false, false],
    ),
    ['ssl=prefer', 'prefer', false, false],
    ['ssl=true&sslmode=require', 'require', false, false],
    ['ssl=verify-full', 'verify-full', true, true],
    ['tls=verify-ca&sslrootcert=FILE', 'verify-ca', true, false],
    ['sslmode=disable', 'disable', false, false],
    ['sslmode=allow', 'allow', false, false],
    ['sslmode=prefer', 'prefer', false, false],
    ['sslmode=require', 'require', false, false],
    ['sslmode=require&sslrootcert=FILE', 'require', true, false],
    ['sslmode=verify-ca&sslrootcert=FILE', 'verify-ca', true, false],
    ['sslmode=verify-full&sslrootcert=FILE', 'verify-full', true, true],
    ['sslmode=verify-full', 'verify-full', true, true],
    ['sslrootcert=system', 'verify-full', true, true],
  ])('%s: %s, verifies issuer %s, host %s', (query, mode, verifiesIssuer, verifiesHost) => {
    expect(settings(query)).toMatchObject({ mode, verifiesIssuer, verifiesHost, direct: false });
  });
});

test('issuers are those of sslrootcert, or else the public ones', () => {
  expect(settings('sslmode=verify-full&sslrootcert=FILE').issuers).toBe('contents');
  expect(settings('sslmode=verify-full').issuers).toContainEqual(
    expect.stringContaining('BEGIN CERTIFICATE'),
  );
  expect(settings('sslmode=require').issuers).toBeUndefined();
});

test('supports client certificates and direct negotiation', () => {
  const query = 'sslmode=require&sslcert=FILE&sslkey=FILE&sslpassword=x&sslnegotiation=direct';
  expect(settings(query)).toMatchObject({
    direct: true,
    options: { cert: 'contents', key: 'contents', passphrase: 'x' },
  });
});

test.each<[string, string]>([
  [
    'sslmode=no-verify',
    'sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full',
  ],
  ['sslmode=verify-ca', 'sslmode=verify-ca requires sslrootcert'],
  ['sslmode=require&sslrootcert=system', 'sslrootcert=system requires sslmode=verify-full'],
  ['sslmode=require&sslrootcert=/absent', 'sslrootcert cannot be read: ENOENT /absent'],
  ['sslmode=require&sslcert=FILE', 'sslcert and sslkey must be used together'],
  [
    'sslmode=prefer&sslnegotiation=direct',
    'sslnegotiation=direct requires sslmode=require or stronger',
  ],
  ['sslmode=require&sslcrl=FILE', 'sslcrl is not supported'],
  ['sslmode=require&sslmode=disable', 'sslmode is given several times'],
  ['ssl=true&sslmode=prefer', 'prefer and require contradict each other; use sslmode alone'],
  ['ssl=no-verify', 'ssl must be one of disable, allow, prefer, require, verify-ca, verify-full'],
  ['ssl=', 'ssl must be one of'],
  ['ssl={"rejectUnauthorized":false}', 'ssl must be one of'],
  ['tls=verify', 'tls must be one of'],
  ['ssl=verify-ca', 'sslmode=verify-ca requires sslrootcert'],
  ['sslmode=require&sslnegotiation=Direct', 'sslnegotiation must be postgres or direct'],
  ...[
    ...['sslmod', 'SSLMODE', 'sslMode', 'SSL', 'TLS', 'ssl-mode', 'ssl_mode', 'requiressl'],
    ...['useSSL', 'tlsmode', 'sslaccept', 'sslidentity', 'sslinline', 'sslfactory', 'encrypt'],
    ...['ssl_min_protocol_version', 'tlsCAFile', 'trustServerCertificate', 'rejectUnauthorized'],
    ...['require_auth', 'requirepeer', 'scram_client_key', 'enableChannelBinding', 'verify'],
    ...['ca', 'rootCA', 'crl', 'ciphers', 'service', 'servicefile', 'passfile', 'hostaddr'],
    ...['protocol', 'plaintext'],
  ].map(
    (name) =>
      [`${name}=require`, `${name} is not supported; for TLS, use sslmode`] satisfies [
        string,
        string,
      ],
  ),
  ['gssencmode=require', 'gssencmode=require is not supported'],
  [
    'sslmode=require&uselibpqcompat=false',
    'uselibpqcompat must be true; to verify, use sslmode=verify-full',
  ],
])('%s is rejected', (query, message) => {
  expect(() => settings(query)).toThrow(`DATABASE_URL: ${message}`);
});
