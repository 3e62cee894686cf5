import { ProgramError } from './application/program.ts';
import { ConfigError } from '../errors/config-error.ts';

/** What the codes of `listen` mean for the settings. */
const reasons: Record<string, (port: string) => string> = {
  EADDRINUSE: (port) =>
    `PORT: ${port} is in use; stop the other program, or choose another port: PORT=8001 make run`,
  EACCES: (port) =>
    `PORT: ${port} is not ours to listen on; choose one above 1023: PORT=8001 make run`,
  EADDRNOTAVAIL: () => 'HOST: is no address of this machine; try HOST=127.0.0.1',
  ENOTFOUND: () => 'HOST: is no address of this machine; try HOST=127.0.0.1',
  EAI_AGAIN: () => 'HOST: is no address of this machine; try HOST=127.0.0.1',
};

/** Runs a command. What goes wrong is told on standard error, in one line where we know it, and the exit code is 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}

/** What went wrong, beginning with the setting to change where it is one. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof ProgramError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const reason =
    'syscall' in error && /listen|getaddrinfo/.test(String(error.syscall)) && reasons[code];
  if (reason) return reason('port' in error ? String(error.port) : '');
  return error.stack ?? error.message;
}
