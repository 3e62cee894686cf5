import type { Change, DiffContext } from './change.ts';

/** Examples and tags are documentation: adding one is not a new feature. */
export function documentationChanged() {
  const visit = (_change: Change, { report }: DiffContext): void => {
    report({ message: 'Only the documentation changed.' });
  };
  return { Example: visit, ExamplesMap: visit, Tag: visit, TagGroup: visit };
}
