'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => undefined;
const format = (dateTime: string) =>
  new Date(dateTime).toLocaleDateString(undefined, { dateStyle: 'medium' });

/**
 * A day, in the words and the time zone of the browser. The server does not know them, and writes the date of UTC instead.
 *
 * @param dateTime RFC 3339
 */
export function LocalTime({ dateTime }: { readonly dateTime: string }) {
  const text = useSyncExternalStore(
    never,
    () => format(dateTime),
    () => dateTime.slice(0, 10),
  );
  return <time dateTime={dateTime}>{text}</time>;
}
