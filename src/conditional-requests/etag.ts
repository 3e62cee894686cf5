import type { TaskRow } from '../tasks/task.ts';

/** The strong ETag of a task (RFC 9110, section 8.8.3): its version, which every change increments. */
export function etagOf({ version }: Pick<TaskRow, 'version'>): string {
  return `"${version}"`;
}

/**
 * Parses `If-Match` into the versions of a task that it accepts.
 *
 * @returns null when every version is accepted: without the header, or with `*`. The statement of a change compares them
 * (`isAccepted` in tasks/statements.ts), so that no other change comes in between.
 */
export function acceptedVersions(ifMatch: string | undefined): readonly number[] | null {
  if (ifMatch === undefined || ifMatch === '*') return null;
  return versionsIn(ifMatch).filter((version) => version <= 0x7fff_ffff);
}

/** Whether `If-None-Match` matches the version of a task. */
export function matchesVersion(
  ifNoneMatch: string | undefined,
  { version }: Pick<TaskRow, 'version'>,
): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch === '*' || versionsIn(ifNoneMatch).includes(version);
}

/**
 * The versions in a list of ETags, whose syntax has been validated by the contract. A proxy that compresses a response makes its
 * ETag weak (nginx) or appends the encoding (Apache, lighttpd, Jetty). Such an ETag names the same version: the task is the same
 * in every encoding. The comparison is therefore weak also for `If-Match`, unlike in RFC 9110, section 13.1.1.
 */
function versionsIn(etags: string): number[] {
  const versions = etags.matchAll(/"([1-9][0-9]{0,9})(?:(?:--?|;)(?:gzip|br|deflate|zstd))?"/g);
  return Array.from(versions, ([, version]) => Number(version));
}
