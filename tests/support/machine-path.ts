import { delimiter } from 'node:path';

/** The search path without the project's own programs: its `node` is the one of the machine. */
export const MACHINE_PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
