/** Next calls this once, before the first request. A server that cannot do its work does not stay. */
export async function register(): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- Next replaces it, and so builds for Node.js only what follows.
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { start } = await import('./app/lib/start.ts');
  await start();
}
