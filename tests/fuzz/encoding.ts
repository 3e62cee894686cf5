import * as fc from 'fast-check';

const everyByte = (text: string, upperCase: boolean) =>
  [...Buffer.from(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .map((digits) => `%${upperCase ? digits.toUpperCase() : digits}`)
    .join('');

/** A text in a URL, in one of the ways that mean the same: no more than necessary encoded, or everything. */
export function encoded(text: string): fc.Arbitrary<string> {
  return fc.constantFrom(encodeURIComponent(text), everyByte(text, true), everyByte(text, false));
}

/** Like {@link encoded}, or with the characters that RFC 3986 allows in a query left as they are. */
export function encodedReserved(text: string): fc.Arbitrary<string> {
  const readable = encodeURIComponent(text).replace(/%(3A|2F|3F|5B|5D|40|24|2C|3B)/g, (code) =>
    decodeURIComponent(code),
  );
  return fc.oneof(encoded(text), fc.constant(readable));
}

/** Texts that no URL may have: broken percent-encoding, invalid UTF-8, NUL, and what has to be encoded. */
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
