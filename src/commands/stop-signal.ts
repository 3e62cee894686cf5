import { setTimeout as delay } from 'node:timers/promises';

/**
 * The first SIGTERM or SIGINT; from now on neither ends the process by itself.
 *
 * @param milliseconds what a stop may take: one that takes longer ends as a crash, before an orchestrator would make it one
 */
export async function stopSignal(milliseconds: number): Promise<NodeJS.Signals> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    // For good: whoever repeats the signal must not cut short what it started.
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
  });
  void delay(milliseconds, undefined, { ref: false }).then(() => process.exit(1));
  return signal;
}
