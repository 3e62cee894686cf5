import type { Change, DiffContext } from './change.ts';

const documentation = new Set([
  'description',
  'title',
  'summary',
  'example',
  'examples',
  'deprecated',
]);

/**
 * A change of what clients may send. If it breaks no client, it is a new feature. Redocly lists a component under the first
 * operation that uses it, even if only in a response, so the message names the component.
 */
export function requestChanged() {
  const visit = (change: Change, { report, location, getDirections }: DiffContext): void => {
    const { kind, property = '' } = change;
    if (kind === 'modified' && !documentation.has(property) && getDirections().includes('request'))
      report({ message: `\`${location.pointer}\` changed in all requests that use it.` });
  };
  return { Schema: visit, Parameter: visit, RequestBody: visit };
}

/** A deprecation, which semantic versioning announces with a minor version. */
export function deprecated() {
  const visit = (change: Change, { report }: DiffContext): void => {
    if (change.property === 'deprecated' && change.revision?.value === true)
      report({ message: 'It became deprecated.' });
  };
  return { Operation: visit, Parameter: visit, Schema: visit, Header: visit };
}
