import type { Change, DiffContext } from './change.ts';

/** What only readers see: added to, it is no new feature. */
export function documentationChanged() {
  const visit = (_change: Change, { report }: DiffContext): void => {
    report({ message: 'Only the documentation changed.' });
  };
  return { Example: visit, ExamplesMap: visit, Tag: visit, TagGroup: visit };
}
