import { vi } from 'vitest';

/** Long enough for a busy machine. */
const TIMEOUT_MS = 20_000;

/** Repeats a check until it throws nothing. */
export const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: TIMEOUT_MS });
