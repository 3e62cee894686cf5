import { expect } from 'vitest';

/** Polls a value until it meets the expectation, for up to the time that vitest.config.ts sets. */
export const eventually = <Value>(read: () => Value, message?: string) =>
  expect.poll(read, { ...(message !== undefined && { message }) });
