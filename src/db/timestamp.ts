const DATE_LENGTH = 'YYYY-MM-DD'.length;
const SECONDS_LENGTH = 'YYYY-MM-DD hh:mm:ss'.length;
/** What follows the seconds if the fraction is zero. */
const FRACTION = '.000000Z';

/**
 * Converts PostgreSQL's text of a `timestamp` in UTC (`… at time zone 'UTC'`) to RFC 3339 with microseconds. PostgreSQL
 * omits trailing zeros; they are added, so that the texts sort like the times.
 *
 * @param text such as `2026-11-21 04:05:06.12`
 * @returns such as `2026-11-21T04:05:06.120000Z`
 */
export function toRfc3339(text: string): string {
  const date = text.slice(0, DATE_LENGTH);
  const time = text.slice(DATE_LENGTH + 1);
  return `${date}T${time}${FRACTION.slice(text.length - SECONDS_LENGTH)}`;
}
