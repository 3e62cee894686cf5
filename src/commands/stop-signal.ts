import { setTimeout as delay } from 'node:timers/promises';

/** Shorter than the 10 s that Docker waits before it kills a container. */
export const STOP_TIMEOUT_MS = 9_500;

/**
 * Waits for the first SIGTERM or SIGINT, and replaces their default action, which ends the process. In a terminal, also waits for
 * SIGHUP: the terminal was closed.
 *
 * @param timeoutMs how long the shutdown may take after the signal; then the process exits with code 1. Choose less than
 *   the time after which the orchestrator kills the process.
 */
export async function stopSignal(timeoutMs: number): Promise<NodeJS.Signals> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    // The listeners stay: a repeated signal must not interrupt the shutdown.
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
    // Elsewhere it keeps its default action, or is ignored, as with nohup.
    if (process.stdout.isTTY) process.on('SIGHUP', resolve);
  });
  void delay(timeoutMs, undefined, { ref: false }).then(() => process.exit(1));
  return signal;
}
