/** Next.js calls this once, before the first request. The process exits if the application cannot start. */
export async function register(): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- Next.js replaces it at build time and removes the code below from other runtimes.
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { start } = await import('./app/lib/auth/start.ts');
  await start();
}
