import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { curlLine } from './curl.ts';
import type { Request } from './request.ts';

const run = promisify(execFile);

/** Parses a line with a POSIX shell: the arguments of `curl`, and its standard input. */
async function read(line: string): Promise<{ words: string[]; input: string }> {
  const curl = String.raw`curl() { printf '%s\0' "$@"; case "$*" in *--data-binary*) cat;; esac; }`;
  const { stdout } = await run('sh', ['-c', `${curl}\n${line}`], { encoding: 'latin1' });
  const parts = stdout.split('\0');
  const end = parts.findIndex((part) => part.startsWith('http'));
  return { words: parts.slice(0, end + 1), input: parts.slice(end + 1).join('\0') };
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const special = `'"$HOME\`id\`\\n%s%%!{a,b}*?~#&;|<>()`;

test('the curl line sends the same request', async () => {
  const request: Request = {
    method: 'PATCH',
    target: `/api/${special}?x=[1-3]`,
    headers: [
      ['Authorization', 'Bearer a.b.c'],
      ['If-Match', special],
      ['If-Match', '"\u00e9\u00ff"\ta'],
      ['Idempotency-Key', ''],
      ['Content-Type', 'application/json'],
      ['Content-Length', '256'],
    ],
    body: everyByte,
  };
  const { words, input } = await read(curlLine('http://127.0.0.1:1', request));
  expect(words).toEqual([
    '--include',
    '--globoff',
    '--path-as-is',
    '--request',
    'PATCH',
    ...['--header', 'Authorization: Bearer a.b.c'],
    ...['--header', `If-Match: ${special}`],
    ...['--header', 'If-Match: "\u00e9\u00ff"\ta'],
    ...['--header', 'Idempotency-Key;'],
    ...['--header', 'Content-Type: application/json'],
    '--data-binary',
    '@-',
    `http://127.0.0.1:1${request.target}`,
  ]);
  expect(input).toBe(everyByte.toString('latin1'));
});

test('the curl line adds nothing to a request', async () => {
  const bare = { target: '/livez', headers: [] };
  const get = curlLine('http://a', { ...bare, method: 'HEAD', body: undefined });
  expect((await read(get)).words.slice(3)).toEqual(['--head', 'http://a/livez']);
  const post = curlLine('http://a', { ...bare, method: 'POST', body: Buffer.from('') });
  expect((await read(post)).words).toContain('Content-Type:');
});
