const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Units by their length in seconds, and up to how many of them one counts. */
const UNITS = [
  ['minute', MINUTE, HOUR],
  ['hour', HOUR, DAY],
  ['day', DAY, 7 * DAY],
  ['week', 7 * DAY, 30 * DAY],
  ['month', 30 * DAY, 365 * DAY],
  ['year', 365 * DAY, Infinity],
] as const;

/** One of them, where English has a word for it. */
const LAST: Readonly<Partial<Record<string, string>>> = {
  day: 'yesterday',
  week: 'last week',
  month: 'last month',
  year: 'last year',
};

/**
 * How long ago a moment was, in words such as “5 minutes ago” or “yesterday”. `Intl.RelativeTimeFormat` has the same words,
 * but a list would have to wait for it: it takes some 20 ms to make.
 *
 * @param time milliseconds since 1970, as `now`; the future counts as now, for clocks differ
 */
export function timeAgo(time: number, now: number): string {
  const seconds = Math.max(0, (now - time) / 1000);
  const unit = UNITS.find(([, , end]) => seconds < end);
  if (seconds < MINUTE || !unit) return 'just now';
  const [name, length] = unit;
  const count = Math.floor(seconds / length);
  if (count > 1) return `${count} ${name}s ago`;
  return LAST[name] ?? `1 ${name} ago`;
}
