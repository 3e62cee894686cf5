import { cpus, totalmem } from 'node:os';

/** One line that says on what, with what and when was measured. */
export function describeMachine(databaseVersion: string): string {
  const [cpu] = cpus();
  return [
    `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GiB memory`,
    `Node.js ${process.versions.node}`,
    `PostgreSQL ${databaseVersion}`,
    new Date().toISOString().slice(0, 10),
  ].join(' · ');
}
