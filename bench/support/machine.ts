import { cpus, totalmem } from 'node:os';

/**
 * One line with the machine, the versions and the date of the measurement.
 *
 * @param versions such as `PostgreSQL 18.4`
 */
export function describeMachine(versions: readonly string[]): string {
  const [cpu] = cpus();
  return [
    `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GiB memory`,
    `Node.js ${process.versions.node}`,
    ...versions,
    new Date().toISOString().slice(0, 10),
  ].join(' · ');
}
