import { expect } from 'vitest';

const PATIENCE_MS = 10_000;

/** Expects something that becomes true: looks again until it is, for ten seconds. */
export const eventually = <Value>(look: () => Value) =>
  expect.poll(look, { timeout: PATIENCE_MS, interval: 50 });
