import { describe, expect, test } from 'vitest';
import { identityOf, isUserId } from '../../../src/auth/caller.ts';

const emoji = (count: number) => '😀'.repeat(count);

describe('isUserId', () => {
  test.each([
    ['letters and digits', 'iM2y8Bd0pU9CmXzSgYwWuwnmDbpM5VGm'],
    ['a UUID', '01980000-0000-7000-8000-000000000000'],
    ['one character', 'a'],
    ['255 characters', 'a'.repeat(255)],
    ['255 emoji', emoji(255)],
    ['other scripts, spaces and punctuation', 'صارم / "Zoë" ?#%'],
    ['spaces next to the control characters', ' \u00a0'],
  ])('accepts %s', (_, id) => {
    expect(isUserId(id)).toBe(true);
  });

  test.each([
    ['an empty string', ''],
    ['256 characters', 'a'.repeat(256)],
    ['256 emoji', emoji(256)],
    ['NUL', 'a\0'],
    ['a line feed at the end', 'alice\n'],
    ['a line feed in the middle', 'ali\nce'],
    ['the last of C0', 'a\u001f'],
    ['DEL', 'a\u007f'],
    ['the first of C1', 'a\u0080'],
    ['the last of C1', 'a\u009f'],
    ['an unpaired high surrogate', 'a\ud83d'],
    ['an unpaired low surrogate', '\ude00a'],
    ['a number', 1],
    ['null', null],
    ['a list', ['alice']],
    ['an object', { id: 'alice' }],
    ['true', true],
    ['undefined', undefined],
  ])('rejects %s', (_, id) => {
    expect(isUserId(id)).toBe(false);
  });
});

describe('identityOf', () => {
  test('reads sub, email and name', () => {
    expect(identityOf({ sub: 'alice', email: 'alice@example.com', name: 'Alice' })).toEqual({
      id: 'alice',
      email: 'alice@example.com',
      name: 'Alice',
    });
  });

  test('reads the user of a session cookie', () => {
    const user = { id: 'alice', email: 'alice@example.com', name: 'Alice' };
    expect(identityOf({ session: {}, user })).toEqual(user);
  });

  test('the claims take precedence over the user', () => {
    const user = { id: 'bob', email: 'bob@example.com', name: 'Bob' };
    expect(identityOf({ sub: 'alice', email: 'alice@example.com', name: 'Alice', user })).toEqual({
      id: 'alice',
      email: 'alice@example.com',
      name: 'Alice',
    });
  });

  test.each([
    [''],
    [null],
    [1],
    [true],
    [['alice']],
    [{ id: 'alice' }],
    ['a\n'],
    ['a'.repeat(256)],
  ])('does not use the id of the user when sub is %j', (sub) => {
    expect(identityOf({ sub, user: { id: 'alice' } })).toBeUndefined();
  });

  test.each([
    ['no claims', {}],
    ["Better Auth's email verification", { email: 'alice@example.com', userId: 'alice' }],
    ['a top-level id', { id: 'alice' }],
    ['a user that is a string', { user: 'alice' }],
    ['a user that is null', { user: null }],
    ['a user that is a list', { user: [{ id: 'alice' }] }],
    ['a user without an id', { user: { email: 'alice@example.com' } }],
    ['a user with a numeric id', { user: { id: 7 } }],
  ])('returns undefined for %s', (_, claims) => {
    expect(identityOf(claims)).toBeUndefined();
  });

  test.each([
    ['missing', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', {}],
    ['empty', ''],
    ['with NUL', 'a\0b'],
    ['with an unpaired surrogate', 'a\ud800'],
    ['too long', 'a'.repeat(321)],
  ])('an email or name that is %s becomes null', (_, value) => {
    expect(identityOf({ sub: 'alice', email: value, name: value })).toEqual({
      id: 'alice',
      email: null,
      name: null,
    });
    const user = { email: 'alice@example.com', name: 'Alice' };
    expect(identityOf({ sub: 'alice', email: value, name: value, user })).toEqual({
      id: 'alice',
      ...user,
    });
  });

  test('the longest email has 320 characters, the longest name 255', () => {
    const longest = { email: emoji(320), name: emoji(255) };
    expect(identityOf({ sub: 'alice', ...longest })).toEqual({ id: 'alice', ...longest });
    expect(identityOf({ sub: 'alice', email: emoji(321), name: emoji(256) })).toEqual({
      id: 'alice',
      email: null,
      name: null,
    });
  });
});
