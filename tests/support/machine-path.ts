import { delimiter } from 'node:path';

/** `PATH` without the directories of this project, so that `node` is the one that is installed on the machine. */
export const MACHINE_PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
