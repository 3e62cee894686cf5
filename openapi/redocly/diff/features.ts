import type { Change, DiffContext } from './change.ts';

const prose = new Set(['description', 'title', 'summary', 'example', 'examples', 'deprecated']);

/**
 * What clients may send has changed; where that breaks none of them, it is more than before. Redocly shows a component under
 * the first operation that uses it, be it only in a reply, so the message names the component.
 */
export function requestChanged() {
  const visit = (change: Change, { report, location, getDirections }: DiffContext): void => {
    const { kind, property = '' } = change;
    if (kind === 'modified' && !prose.has(property) && getDirections().includes('request'))
      report({ message: `\`${location.pointer}\` changed in all requests that use it.` });
  };
  return { Schema: visit, Parameter: visit, RequestBody: visit };
}

/** Something will go: semantic versioning wants this told by a minor version. */
export function deprecated() {
  const visit = (change: Change, { report }: DiffContext): void => {
    if (change.property === 'deprecated' && change.revision?.value === true)
      report({ message: 'It became deprecated.' });
  };
  return { Operation: visit, Parameter: visit, Schema: visit, Header: visit };
}
