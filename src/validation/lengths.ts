import { type Ajv, type CodeKeywordDefinition, _ } from 'ajv';

const PAIRS = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;

/** Counts the Unicode code points of a text. A pair of surrogates is one of them; all other code units are one each. */
const codePointsOf = (text: string) => text.length - (text.match(PAIRS)?.length ?? 0);

/**
 * Replaces the keywords for the length of strings by faster ones with the same results. Ajv counts the code points of every
 * string. A code point has one or two code units, so that their number alone is nearly always enough to decide.
 */
export function replaceLengthKeywords(ajv: Ajv): void {
  for (const keyword of ['maxLength', 'minLength']) {
    const original = ajv.getKeyword(keyword) as CodeKeywordDefinition;
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      ...original,
      keyword,
      // Where it was: the order of the keywords decides which error is reported.
      before: 'pattern',
      code(context) {
        const { gen, data, schemaCode: limit } = context;
        const codePoints = _`${gen.scopeValue('func', { ref: codePointsOf })}(${data})`;
        context.fail(
          keyword === 'maxLength'
            ? _`${data}.length > ${limit} && ${codePoints} > ${limit}`
            : _`${data}.length < 2 * ${limit} && ${codePoints} < ${limit}`,
        );
      },
    });
  }
}
