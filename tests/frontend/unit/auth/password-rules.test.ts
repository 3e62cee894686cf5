import { expect, test } from 'vitest';
import { passwordFlaw } from '../../../../frontend/app/lib/auth/password-rules.ts';

const personal = ['Alice Liddell', 'alice.l@example.com'];

test.each([
  'password',
  'Password1!',
  'p@ssw0rd',
  'P4SSW0RD2024',
  '12345678',
  '1234567890',
  '87654321',
  'qwertyui',
  'qwerty123',
  '1q2w3e4r',
  'abcdefgh',
  'aaaaaaaa',
  'abababab',
  '12341234',
  'iloveyou!',
  'Welcome1',
  'ｐａｓｓｗｏｒｄ',
])('%s is too common', (password) => {
  expect(passwordFlaw(password, personal)).toBe('PASSWORD_TOO_COMMON');
});

test.each([
  'alice.l@example.com',
  'ALICE.L@EXAMPLE.COM',
  'alice.l2024',
  'aliceliddell',
  'Alice Liddell!',
])('%s is personal', (password) => {
  expect(passwordFlaw(password, personal)).toBe('PASSWORD_IS_PERSONAL');
});

test.each([
  'correct horse battery',
  'x7!kQ2vp',
  'password of my uncle',
  'Пароль от сейфа',
  '🦊🐢🌵🍋🚲🎻🧲🪁',
])('%s is accepted', (password) => {
  expect(passwordFlaw(password, personal)).toBeUndefined();
  expect(passwordFlaw(password, ['', '@'])).toBeUndefined();
});
