/**
 * A signal that aborts on Ctrl-C or SIGTERM, so that the command ends after the current step and can stop what it started.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort(`Stopped by ${name}`);
    });
  }
  return controller.signal;
}
