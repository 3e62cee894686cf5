import { expect } from 'vitest';

const TIMEOUT_MS = 30_000;

/** Expects something that becomes true: looks again until it is, for 30 seconds. */
export const eventually = <Value>(look: () => Value, message?: string) =>
  expect.poll(look, {
    timeout: TIMEOUT_MS,
    interval: 50,
    ...(message !== undefined && { message }),
  });
