import { z } from 'zod';

/** Pages of preview deployments: `*` stands for a part of the first of three or more labels. */
const WILDCARD = /^https?:\/\/[a-z\d-]*\*[a-z\d-]*(\.[a-z\d-]+){2,}(:\d+)?$/;
/** Applications such as `capacitor://localhost` and `chrome-extension://…`, whose origins have a scheme of their own. */
const APPLICATION = /^(?!(https?|wss?|ftp|file|blob):)[a-z][a-z\d+.-]*:\/\/[a-z\d.-]+(:\d+)?$/;

/** Origins, separated by commas; `none` for an empty list. */
export const origins = z.string().transform((list, context) => {
  if (list === 'none') return [];
  const items = list.split(',').map((item) => item.trim());
  const invalid = items.find((item) => !isOrigin(item));
  if (invalid === undefined) return items;
  context.addIssue({
    code: 'custom',
    message: `must be origins such as https://example.com, separated by commas; ${JSON.stringify(invalid)} is not an origin`,
  });
  return z.NEVER;
});

/** The regular expression of an origin with a wildcard. A wildcard matches characters of one label only. */
export function wildcardPattern(origin: string): RegExp {
  return new RegExp(
    `^${origin.replaceAll('.', String.raw`\.`).replace('*', String.raw`[a-z\d-]+`)}$`,
  );
}

function isOrigin(text: string): boolean {
  if (APPLICATION.test(text) || WILDCARD.test(text)) return true;
  // URL accepts an asterisk.
  return !text.includes('*') && URL.canParse(text) && new URL(text).origin === text;
}
