import { expect, test } from 'vitest';
import {
  checkCurrentPassword,
  checkEmail,
  checkName,
  checkNewPassword,
} from '../../../../frontend/app/lib/account/field-checks.ts';

test.each(['Ada', ' Ada ', '🦉'])('takes the name %j', (name) => {
  expect(checkName(name)).toBeUndefined();
});

test.each(['', '  ', '\t'])('asks for a name instead of %j', (name) => {
  expect(checkName(name)).toMatch(/name/);
});

test.each([
  'ada@example.com',
  ' ada@example.com ',
  'ada+tasks@mail.example.co.uk',
  'äda@münchen.de',
])('takes the email %j', (email) => {
  expect(checkEmail(email)).toBeUndefined();
});

test.each([
  '',
  'ada',
  'ada@',
  'ada@example',
  '@example.com',
  'a da@example.com',
  'a@b@example.com',
])('asks for another email than %j', (email) => {
  expect(checkEmail(email)).toMatch(/email/);
});

test.each([
  ['1234567', /8 characters or more/],
  ['12345678', undefined],
  ['x'.repeat(128), undefined],
  ['x'.repeat(129), /128 characters at most/],
  ['', /Choose/],
])('says of the new password %j: %s', (password, words) => {
  const said = checkNewPassword(password);
  if (words) expect(said).toMatch(words);
  else expect(said).toBeUndefined();
});

test('takes any password that exists', () => {
  expect(checkCurrentPassword('x')).toBeUndefined();
  expect(checkCurrentPassword('')).toMatch(/password/);
});
