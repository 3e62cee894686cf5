import type { TaskRow } from '../tasks/task.ts';

/** The strong ETag of a task (RFC 9110, section 8.8.3): its version, which every change increments. */
export function etagOf({ version }: Pick<TaskRow, 'version'>): string {
  return `"${version}"`;
}

/**
 * Parses `If-Match` into the versions of a task that it accepts. The comparison is strong: a weak ETag matches no version
 * (RFC 9110, section 13.1.1).
 *
 * @returns null when every version is accepted: without the header, or with `*`
 */
export function acceptedVersions(ifMatch: string | undefined): readonly number[] | null {
  if (ifMatch === undefined || ifMatch === '*') return null;
  return etagsIn(ifMatch)
    .map((etag) => Number(/^"([1-9][0-9]{0,9})"$/.exec(etag)?.[1]))
    .filter((version) => version <= 0x7fff_ffff);
}

/** Whether `If-None-Match` matches an ETag. The comparison is weak (RFC 9110, section 13.1.2). */
export function matchesETag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return (
    ifNoneMatch === '*' ||
    etagsIn(ifNoneMatch).some((candidate) => candidate.replace(/^W\//, '') === etag)
  );
}

/** The ETags of a list, whose syntax has been validated by the contract. */
function etagsIn(list: string): string[] {
  return list.match(/(W\/)?"[^"]*"/g) ?? [];
}
