import type { Change, DiffContext } from './change.ts';

const prose = new Set(['description', 'title', 'summary', 'example', 'examples', 'deprecated']);

/** What clients may send has changed; where that breaks none of them, it is more than before. */
export function requestChanged() {
  const visit = (change: Change, { report, getDirections }: DiffContext): void => {
    const { kind, property = '' } = change;
    if (kind === 'modified' && !prose.has(property) && getDirections().includes('request'))
      report({ message: `\`${property}\` of requests changed.` });
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
