import { startAuth } from './auth/start.ts';
import { readConfig } from './config.ts';

/** Starts what pages and routes need; ends the process, with one line for each mistake, when that fails. */
export async function start(): Promise<void> {
  try {
    await startAuth(readConfig());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The frontend cannot start:\n${message.replace(/^/gm, '  ')}\n`);
    process.exit(1);
  }
}
