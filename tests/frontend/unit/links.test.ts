import { expect, test } from 'vitest';
import { textParts } from '../../../frontend/app/lib/links.ts';

const linksOf = (text: string) =>
  textParts(text).flatMap((part) => (part.isLink ? [part.text] : []));

test.each([
  ['https://example.com', ['https://example.com']],
  [
    'See http://example.com/a?b=c&d#e, then HTTPS://EXAMPLE.COM!',
    ['http://example.com/a?b=c&d#e', 'HTTPS://EXAMPLE.COM'],
  ],
  ['(https://example.com/a).', ['https://example.com/a']],
  [
    'https://en.wikipedia.org/wiki/Mercury_(planet)',
    ['https://en.wikipedia.org/wiki/Mercury_(planet)'],
  ],
  ['[map](https://example.com/map)', ['https://example.com/map']],
  ['<https://example.com> "https://example.org"', ['https://example.com', 'https://example.org']],
  [
    'https://example.com/\nhttps://example.org/🎉',
    ['https://example.com/', 'https://example.org/🎉'],
  ],
  ['javascript:alert(1) data:text/html,x ftp://example.com www.example.com', []],
  ['https:// http://? https://[', []],
])('the links in %j are %j', (text, links) => {
  expect(linksOf(text)).toEqual(links);
});

test.each(['', 'no link', 'a https://example.com, b', 'https://a.example https://b.example.'])(
  'the parts of %j are the whole text',
  (text) => {
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  },
);

test('of many brackets and full stops at the end, none is part of the link', () => {
  expect(linksOf(`https://example.com/${'.)'.repeat(490)}`)).toEqual(['https://example.com/']);
});
