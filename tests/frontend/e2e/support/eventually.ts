import { expect } from 'vitest';

const TIMEOUT_MS = 30_000;

/** Polls a value until it meets the expectation, for up to 30 seconds. */
export const eventually = <Value>(read: () => Value, message?: string) =>
  expect.poll(read, {
    timeout: TIMEOUT_MS,
    interval: 50,
    ...(message !== undefined && { message }),
  });
