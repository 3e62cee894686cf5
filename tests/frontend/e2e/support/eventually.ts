import { expect } from 'vitest';

const TIMEOUT_MS = 20_000;

/** Expects something that becomes true: looks again until it is, for 20 seconds. */
export const eventually = <Value>(look: () => Value) =>
  expect.poll(look, { timeout: TIMEOUT_MS, interval: 50 });
