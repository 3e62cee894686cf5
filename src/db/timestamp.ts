const WITHOUT_FRACTION = 'YYYY-MM-DD hh:mm:ss'.length;
const WITH_MICROSECONDS = 'YYYY-MM-DD hh:mm:ss.ssssss'.length;

/**
 * Converts PostgreSQL's text of a `timestamp` in UTC (`… at time zone 'UTC'`) to RFC 3339 with microseconds. PostgreSQL
 * omits trailing zeros; they are added, so that the texts sort like the times.
 *
 * @param text such as `2026-11-21 04:05:06.12`
 * @returns such as `2026-11-21T04:05:06.120000Z`
 */
export function toRfc3339(text: string): string {
  const time = text.length === WITHOUT_FRACTION ? `${text}.` : text;
  return `${time.replace(' ', 'T').padEnd(WITH_MICROSECONDS, '0')}Z`;
}
