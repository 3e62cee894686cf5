import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** `PATH` without the directories of this project, so that `node` is the one that is installed on the machine. */
export const MACHINE_PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);

/** The path of a program that is installed on the machine; undefined if it is not installed. */
export function programOnPath(name: string): string | undefined {
  return MACHINE_PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);
}
