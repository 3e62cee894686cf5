import { DatabaseError } from 'pg';
import { BackendTerminatedUnexpectedlyError, ConnectionError } from 'slonik';
import { describe, expect, test } from 'vitest';
import { connectionFailure } from '../../../src/db/connection/connection-failure.ts';
import { toProblem, violates } from '../../../src/db/errors.ts';
import { Problem } from '../../../src/errors/problem.ts';

const withCode = (message: string, code: string) => Object.assign(new Error(message), { code });

function databaseError(code: string, constraint?: string) {
  return Object.assign(new DatabaseError('message', 0, 'error'), { code, constraint });
}

describe('toProblem', () => {
  test.each([
    ['08006', 'unavailable'],
    ['22021', 'malformed-request'],
    ['25006', 'unavailable'],
    ['40001', 'unavailable'],
    ['40P01', 'unavailable'],
    ['53100', 'unavailable'],
    ['53300', 'unavailable'],
    ['55P03', 'unavailable'],
    ['57014', 'unavailable'],
    ['57P01', 'unavailable'],
    ['57P03', 'unavailable'],
    ['58030', 'unavailable'],
  ])('SQLSTATE %s is %s', (state, code) => {
    const error = databaseError(state);
    expect(toProblem(error)).toMatchObject({ name: 'Problem', code, cause: error });
  });

  test.each(['23505', '22003', '42P01', '42601', 'XX000'])(
    'SQLSTATE %s is not translated',
    (state) => {
      const error = databaseError(state);
      expect(toProblem(error)).toBe(error);
    },
  );

  test.each([
    new ConnectionError('connect ECONNREFUSED'),
    new BackendTerminatedUnexpectedlyError(new Error('gone')),
    new Error('Client is pending destroy.'),
  ])('$message is unavailable', (error) => {
    expect(toProblem(error)).toMatchObject({ code: 'unavailable', cause: error });
  });

  test.each([new Error('fault'), new Problem('not-found'), undefined, 'text'])(
    '%s is not translated',
    (error) => {
      expect(toProblem(error)).toBe(error);
    },
  );
});

test('violates compares the name of the constraint', () => {
  const error = databaseError('23505', 'users_email_key');
  expect(violates(error, 'users_email_key')).toBe(true);
  expect(violates(error, 'users_pkey')).toBe(false);
  const ofShard = databaseError('23505', 'users_email_key_102008');
  expect(violates(ofShard, 'users_email_key')).toBe(true);
  const ofWorker = withCode(
    'insert or update on table "tasks_102016" violates foreign key constraint "tasks_user_id_fkey_102016"',
    '23503',
  );
  expect(violates(ofWorker, 'tasks_user_id_fkey')).toBe(true);
  expect(violates(ofWorker, 'tasks_pkey')).toBe(false);
  expect(violates(new Error('users_email_key'), 'users_email_key')).toBe(false);
});

describe('connectionFailure', () => {
  const server = { host: 'db.example', port: 5433, user: 'alice', database: 'tasks' };
  const where = 'DATABASE_URL: cannot connect to db.example:5433 as alice: ';

  test.each([
    // Node.js's error for a host name with several addresses has no message.
    [withCode('', 'ECONNREFUSED'), 'connection refused; check that PostgreSQL is running'],
    [withCode('getaddrinfo', 'ENOTFOUND'), 'host not found; check its name'],
    [new Error('timeout expired'), 'connection timed out; check host, port and firewalls'],
    [databaseError('28P01'), 'wrong user or password'],
    [databaseError('3D000'), 'database "tasks" does not exist; create it first'],
    [
      withCode('self-signed', 'SELF_SIGNED_CERT_IN_CHAIN'),
      'self-signed; check sslrootcert and the host name',
    ],
    [new Error('two\nlines'), 'two lines'],
    [withCode('', 'EHOSTUNREACH'), 'EHOSTUNREACH'],
  ])('%s', (error, reason) => {
    expect(connectionFailure(server, error)).toMatchObject({
      name: 'ConfigError',
      message: where + reason,
      cause: error,
    });
  });

  test('IPv6 addresses are in brackets', () => {
    const { message } = connectionFailure({ ...server, host: '::1' }, new Error('x'));
    expect(message).toBe('DATABASE_URL: cannot connect to [::1]:5433 as alice: x');
  });
});
