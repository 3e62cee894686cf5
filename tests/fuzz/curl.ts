import type { Request } from './request.ts';

/** The strings of a request have one byte per character. */
const BYTES = 'latin1';

/** A line for a POSIX shell that sends exactly the same request. */
export function curlLine(baseUrl: string, { method, target, headers, body }: Request): string {
  const words = [
    'curl --include --globoff --path-as-is',
    method === 'HEAD' ? '--head' : `--request ${method}`,
    ...headersOf(headers, body !== undefined).map((header) => `--header ${quoted(header)}`),
    ...(body ? ['--data-binary @-'] : []),
    quoted(baseUrl + target),
  ];
  const input = body ? `printf '${escaped(Buffer.from(body).toString(BYTES))}' | ` : '';
  return input + words.join(' ');
}

/** The header options of curl. Without a Content-Type, removes the default one of curl. */
function headersOf(headers: Request['headers'], hasBody: boolean): string[] {
  const own = headers.filter(([name]) => name !== 'Content-Length');
  const typed = own.some(([name]) => name === 'Content-Type');
  return [
    // To curl, a name with a semicolon is a header without a value.
    ...own.map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`)),
    ...(hasBody && !typed ? ['Content-Type:'] : []),
  ];
}

/** Quotes a string as one word of the shell. */
function quoted(text: string): string {
  return /^[\x20-\x7e]*$/.test(text)
    ? `'${text.replaceAll("'", String.raw`'\''`)}'`
    : `"$(printf '${escaped(text)}')"`;
}

/** Escapes bytes for the format of a `printf` in single quotes. */
function escaped(bytes: string): string {
  return bytes
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('%', '%%')
    .replaceAll("'", String.raw`\047`)
    .replace(/[^\x20-\x7e]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
