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

// The words around it are English as well.
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/**
 * How long ago a moment was, in words such as “5 minutes ago” or “yesterday”.
 *
 * @param time milliseconds since 1970, as `now`; the future counts as now, for clocks differ
 */
export function timeAgo(time: number, now: number): string {
  const seconds = Math.max(0, (now - time) / 1000);
  const unit = UNITS.find(([, , end]) => seconds < end);
  if (seconds < MINUTE || !unit) return 'just now';
  const [name, length] = unit;
  return words.format(-Math.floor(seconds / length), name);
}
