export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

/** Why a password is easy to guess, as an error code. */
export type PasswordFlaw = 'PASSWORD_TOO_COMMON' | 'PASSWORD_IS_PERSONAL';

/** The most frequent passwords in published collections, without digits and signs around them. */
const COMMON = new Set(
  (
    'password passwort motdepasse contrasena senha parola qwer qwert qwerty qwertyuiop qwertz qwertzuiop azerty ' +
    'azertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc qwe qweasd qweasdzxc abc abcd abcdef admin ' +
    'administrator root login welcome letmein changeme secret default guest test testtest testing user username ' +
    'master iloveyou loveme trustno sunshine princess dragon monkey football baseball basketball superman batman ' +
    'pokemon starwars whatever freedom shadow michael jordan computer internet google facebook liverpool chelsea ' +
    'arsenal tasks mytasks todo todolist'
  ).split(' '),
);
const SEQUENCES = [
  '01234567890',
  '09876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
];
const MIN_DISTINCT_CHARACTERS = 5;

/** Characters that often replace a letter. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

/**
 * Why a new password would be among an attacker's first guesses; undefined if it is acceptable. It does not check the length, and
 * does not query an online list of leaked passwords, which would reveal parts of the password.
 *
 * @param personal what others know about the user, such as email and name
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html section 3.1.1.2
 */
export function passwordFlaw(
  password: string,
  personal: readonly string[],
): PasswordFlaw | undefined {
  const plain = password.normalize('NFKC').toLowerCase();
  const known = personal.flatMap((text) => [text, text.replace(/@.*/s, '')]).map(coreOf);
  const core = coreOf(plain);
  if (core !== '' && known.includes(core)) return 'PASSWORD_IS_PERSONAL';
  return isCommon(plain) ? 'PASSWORD_TOO_COMMON' : undefined;
}

function isCommon(plain: string): boolean {
  if (new Set(plain).size < MIN_DISTINCT_CHARACTERS) return true;
  if (SEQUENCES.some((sequence) => sequence.includes(plain))) return true;
  const core = coreOf(plain);
  const decoded = core.replace(/[013457@$]/g, (sign) => SUBSTITUTES[sign] ?? sign);
  return [decoded, core.replace(/[^a-z]/g, '')].some((text) => COMMON.has(text));
}

/** A text in lower case, without digits and signs before and after it, and without spaces. */
function coreOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
    .replace(/\s+/g, '');
}
