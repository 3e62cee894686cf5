const LONGEST_TITLE = 60;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Units of time: name, length in seconds, and the age in seconds from which the next unit is used. */
const UNITS = [
  ['minute', MINUTE, HOUR],
  ['hour', HOUR, DAY],
  ['day', DAY, 7 * DAY],
  ['week', 7 * DAY, 30 * DAY],
  ['month', 30 * DAY, 365 * DAY],
  ['year', 365 * DAY, Infinity],
] as const;

/** One unit ago, where English has its own word. */
const LAST: Readonly<Partial<Record<string, string>>> = {
  day: 'yesterday',
  week: 'last week',
  month: 'last month',
  year: 'last year',
};

/** A title in quotation marks, truncated if it is long. */
export function quoted(title: string): string {
  const characters = [...title.trim()];
  const shown =
    characters.length > LONGEST_TITLE
      ? [...characters.slice(0, LONGEST_TITLE - 1), '…']
      : characters;
  return `“${shown.join('')}”`;
}

/** A count such as “1,234”. Small counts skip `toLocaleString`, whose first call is slow. */
export function formatCount(count: number): string {
  return count < 1_000 ? String(count) : count.toLocaleString('en');
}

/**
 * The age of a time, such as “5 minutes ago” or “yesterday”. `Intl.RelativeTimeFormat` has the same texts, but creating one takes
 * about 20 ms, which would delay the list.
 *
 * @param time milliseconds since 1970, as `now`; a time in the future counts as now, because clocks differ
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
