import * as fc from 'fast-check';

const everyByte = (text: string, upperCase: boolean) =>
  [...Buffer.from(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .map((digits) => `%${upperCase ? digits.toUpperCase() : digits}`)
    .join('');

/** A percent-encoded text, in equivalent ways: only the necessary characters encoded, or all. */
export function encoded(text: string): fc.Arbitrary<string> {
  return fc.constantFrom(encodeURIComponent(text), everyByte(text, true), everyByte(text, false));
}

/** Like {@link encoded}, or with the characters unencoded that RFC 3986 allows in a query. */
export function encodedReserved(text: string): fc.Arbitrary<string> {
  const readable = encodeURIComponent(text).replace(/%(3A|2F|3F|5B|5D|40|24|2C|3B)/g, (code) =>
    decodeURIComponent(code),
  );
  return fc.oneof(encoded(text), fc.constant(readable));
}

/** Texts that are invalid in a URL: invalid percent-encoding, invalid UTF-8, NUL, and unencoded characters. */
export const brokenEncodings: readonly string[] = [
  '%',
  '%4',
  '%zz',
  '%%34',
  '%u0041',
  '%00',
  'a%00b',
  '%80',
  '%ff',
  '%C0%AF',
  '%E0%80%AF',
  '%ED%A0%80',
  '%F0%9F%98',
  '%F4%90%80%80',
  '%F5%80%80%80',
  '%fe%ff',
  '<',
  '"',
  '\\',
  '^',
  '`',
  '{x}',
  '|',
];
