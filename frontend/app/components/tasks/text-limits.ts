/** The contract's limits, in characters (code points). */
export const TITLE_LIMIT = 200;
export const DESCRIPTION_LIMIT = 1000;

/** A counter shows from here on. */
const NEAR = 0.8;

/** What is wrong with a title, for who writes it; undefined when it can be sent. */
export function titleProblem(title: string): string | undefined {
  // What the contract counts as white space, which knows one more than `\s`.
  if (!/[^\s\u0085]/.test(title)) return 'Write what there is to do.';
  return tooLong(title, TITLE_LIMIT, 'A title');
}

/** What is wrong with a description, for who writes it; undefined when it can be sent. */
export function descriptionProblem(description: string): string | undefined {
  return tooLong(description, DESCRIPTION_LIMIT, 'Details');
}

/** What a counter says about a text near its limit; undefined where there is room enough. */
export function roomLeft(text: string, limit: number): string | undefined {
  const length = lengthOf(text);
  if (length < limit * NEAR) return undefined;
  return length > limit ? `${length - limit} too many` : `${limit - length} left`;
}

/** The number of characters as the service counts them: an emoji of several code units is one. */
export function lengthOf(text: string): number {
  return [...text].length;
}

function tooLong(text: string, limit: number, name: string): string | undefined {
  const excess = lengthOf(text) - limit;
  return excess > 0 ? `${name} can have ${limit} characters; ${excess} too many.` : undefined;
}
