/** Concatenates texts, in UTF-8, and lists of bytes. */
export const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
