/** A part of a text: a URL that becomes a link, or the text between two of them. */
export interface TextPart {
  readonly text: string;
  readonly isLink: boolean;
}

/** Characters that end a URL in prose: white space, angle brackets and double quotes. */
const URLS = /https?:\/\/[^\s<>"“”„«»]+/giu;
/** Punctuation that belongs to the sentence if it is at the end of a URL. */
const SENTENCE_END = /[.,;:!?'’…*_]$/u;
const BRACKETS = { ')': '(', ']': '[', '}': '{' } as const;

/** Splits a text at its `http` and `https` URLs. The parts joined are the text. */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: match, index } of text.matchAll(URLS)) {
    const url = withoutSentenceEnd(match);
    if (!URL.canParse(url)) continue;
    parts.push({ text: text.slice(end, index), isLink: false }, { text: url, isLink: true });
    end = index + url.length;
  }
  parts.push({ text: text.slice(end), isLink: false });
  return parts.filter((part) => part.text !== '');
}

function withoutSentenceEnd(url: string): string {
  const last = url.at(-1) ?? '';
  const closesOther = last in BRACKETS && !isBalanced(url, last as keyof typeof BRACKETS);
  return closesOther || SENTENCE_END.test(url) ? withoutSentenceEnd(url.slice(0, -1)) : url;
}

/** Whether a URL has as many opening as closing brackets, as `https://en.wikipedia.org/wiki/Mercury_(planet)` has. */
function isBalanced(url: string, closing: keyof typeof BRACKETS): boolean {
  return url.split(BRACKETS[closing]).length >= url.split(closing).length;
}
