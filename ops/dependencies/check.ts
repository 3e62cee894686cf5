import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Advisories, advisoryErrors, licenceErrors, type Lockfile } from './rules.ts';

// Checks the licences and known vulnerabilities of all packages that production needs.

const TIMEOUT_MS = 30_000;

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));

interface Audit {
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
}

/** Asks the registry. Returns undefined if it does not respond, or refuses audits. */
function audit(): string[] | undefined {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json', '--fetch-retries=0'], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  try {
    const { metadata } = JSON.parse(stdout) as Audit;
    if (!metadata) return undefined;
    const { high = 0, critical = 0 } = metadata.vulnerabilities;
    return high + critical > 0
      ? [`${high + critical} packages have severe vulnerabilities; see: npm audit --omit=dev`]
      : [];
  } catch {
    return undefined;
  }
}

const lockfile = read('../../package-lock.json') as Lockfile;
const advisories = read('advisories.json') as Advisories;
const audited = audit();
if (!audited) {
  process.stderr.write(
    'Note: the registry refused the audit or did not respond; only ops/dependencies/advisories.json was used\n',
  );
}
const errors = [
  ...licenceErrors(lockfile),
  ...advisoryErrors(lockfile, advisories),
  ...(audited ?? []),
];
for (const error of errors) process.stderr.write(`${error}\n`);
if (errors.length > 0) process.exitCode = 1;
