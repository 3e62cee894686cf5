import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = globSync(['Makefile', 'openapi/tasks.yaml', '{src,sdk/src,frontend/app}/**/*.ts'])
  .map((file) => readFileSync(file, 'utf8').replace(/`?'? \+\s+['`]/g, ''))
  .join('\n');

const page = readFileSync('docs/troubleshooting.md', 'utf8');

/** What headings and the first column of a table quote. */
const quotes = page
  .split('\n')
  .map((line) => /^### .*/.exec(line)?.[0] ?? /^\| `[^|]*/.exec(line)?.[0] ?? '')
  .flatMap((line) => [...line.matchAll(/(`+)(.+?)\1(?!`)/g)].map(([, , quote = '']) => quote));

/** The parts between values, such as the name of a setting, an option or a claim, and text. */
function partsOf(quote: string): string[] {
  return quote
    .split(/…|(?<=^\w+): | must be |^(?:iss|aud|iat|exp|nbf) /)
    .map((part) => part.replace(/^[\s:;"`]+|[\s:;"`]+$/g, ''))
    .filter((part) => part !== '');
}

test.each(quotes)('the page on troubleshooting quotes a message that exists: %s', (quote) => {
  for (const part of partsOf(quote)) expect(sources.includes(part), part).toBe(true);
});

test('it quotes messages', () => {
  expect(quotes.length).toBeGreaterThan(20);
});
