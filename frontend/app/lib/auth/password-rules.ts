export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;

/** What makes a password easy to guess, as an error code. */
export type PasswordFlaw = 'PASSWORD_TOO_COMMON' | 'PASSWORD_IS_PERSONAL';

/** What most passwords in published collections are made of, but for digits and signs around it. */
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
const ROWS = [
  '01234567890',
  '09876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
];
const FEWEST_DIFFERENT = 5;

/** Letters as they are often written otherwise. */
const LETTERS: Readonly<Record<string, string>> = {
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
 * What is wrong with a new password beyond its length: that it is among the first guesses of whoever tries. No list of
 * leaked ones is asked over the network, which would tell others about passwords.
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
  if (new Set(plain).size < FEWEST_DIFFERENT) return true;
  if (ROWS.some((row) => row.includes(plain))) return true;
  const core = coreOf(plain);
  const read = core.replace(/[013457@$]/g, (sign) => LETTERS[sign] ?? sign);
  return [read, core.replace(/[^a-z]/g, '')].some((text) => COMMON.has(text));
}

/** A text without the digits, signs and spaces before, after and between its words. */
function coreOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
    .replace(/\s+/g, '');
}
