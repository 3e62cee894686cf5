import type { TaskRow } from '../tasks/task.ts';

/** The strong entity tag of a task (RFC 9110, section 8.8.3): its version, which every change raises. */
export function entityTag({ version }: Pick<TaskRow, 'version'>): string {
  return `"${version}"`;
}

/**
 * The versions of a task that an `If-Match` accepts; null when it accepts all, as `*` and its absence do.
 * The comparison is strong: a weak tag stands for no version (RFC 9110, section 13.1.1).
 */
export function acceptedVersions(ifMatch: string | undefined): readonly number[] | null {
  if (ifMatch === undefined || ifMatch === '*') return null;
  return tagsOf(ifMatch)
    .map((tag) => Number(/^"([1-9][0-9]{0,9})"$/.exec(tag)?.[1]))
    .filter((version) => version <= 0x7fff_ffff);
}

/** Whether an `If-None-Match` names this tag. The comparison is weak (RFC 9110, section 13.1.2). */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return (
    ifNoneMatch === '*' ||
    tagsOf(ifNoneMatch).some((candidate) => candidate.replace(/^W\//, '') === tag)
  );
}

/** The entity tags of a list; the contract has made sure that it is one. */
function tagsOf(list: string): string[] {
  return list.match(/(W\/)?"[^"]*"/g) ?? [];
}
