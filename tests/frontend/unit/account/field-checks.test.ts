import { expect, test } from 'vitest';
import {
  checkCurrentPassword,
  checkEmail,
  checkName,
  checkNewPassword,
} from '../../../../frontend/app/lib/account/field-checks.ts';

test.each(['Ada', ' Ada ', '🦉'])('accepts the name %j', (name) => {
  expect(checkName(name)).toBeUndefined();
});

test.each(['', '  ', '\t'])('rejects the name %j', (name) => {
  expect(checkName(name)).toMatch(/name/);
});

test.each([
  'ada@example.com',
  ' ada@example.com ',
  'ada+tasks@mail.example.co.uk',
  'äda@münchen.de',
])('accepts the email %j', (email) => {
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
])('rejects the email %j', (email) => {
  expect(checkEmail(email)).toMatch(/email/);
});

test.each([
  ['1234567', /8 characters or more/],
  ['12345678', undefined],
  ['x'.repeat(128), undefined],
  ['x'.repeat(129), /128 characters or fewer/],
  ['', /Choose/],
])('the message for the new password %j: %s', (password, message) => {
  const shown = checkNewPassword(password);
  if (message) expect(shown).toMatch(message);
  else expect(shown).toBeUndefined();
});

test('accepts any existing password that is not empty', () => {
  expect(checkCurrentPassword('x')).toBeUndefined();
  expect(checkCurrentPassword('')).toMatch(/password/);
});
