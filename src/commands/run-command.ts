import { ConfigError } from '../errors/config-error.ts';
import { ProgramError } from '../errors/program-error.ts';

const unknownHost = () => 'HOST: not an address of this machine; try HOST=127.0.0.1';

/** Messages for the error codes of `listen`, each beginning with the setting to change. */
const listenErrors: Record<string, (port: string) => string> = {
  EADDRINUSE: (port) =>
    `PORT: ${port} is in use; stop the other program, or choose another port, such as PORT=8001`,
  EACCES: (port) =>
    `PORT: ${port} cannot be used (permission denied); choose one above 1023, such as PORT=8001`,
  EADDRNOTAVAIL: unknownHost,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
};

/**
 * Runs a command. An error is written to standard error and sets the exit code to 1: known errors as their message, others
 * with their stack.
 */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = 1;
  }
}

function describeError(error: unknown): string {
  if (error instanceof ConfigError || error instanceof ProgramError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const describe =
    'syscall' in error &&
    /listen|bind|getaddrinfo/.test(String(error.syscall)) &&
    listenErrors[code];
  if (describe) return describe('port' in error ? String(error.port) : '');
  return error.stack ?? error.message;
}
