const WITHOUT_FRACTION = 'YYYY-MM-DD hh:mm:ss'.length;
const WITH_MICROSECONDS = 'YYYY-MM-DD hh:mm:ss.ssssss'.length;

/**
 * Rewrites PostgreSQL's text of a `timestamp` in UTC (`… at time zone 'UTC'`) as RFC 3339, always with microseconds:
 * what PostgreSQL cuts off is put back, so that texts sort as times do and say exactly what is stored.
 *
 * @param text such as `2026-11-21 04:05:06.12`
 * @returns such as `2026-11-21T04:05:06.120000Z`
 */
export function toRfc3339(text: string): string {
  const time = text.length === WITHOUT_FRACTION ? `${text}.` : text;
  return `${time.replace(' ', 'T').padEnd(WITH_MICROSECONDS, '0')}Z`;
}
