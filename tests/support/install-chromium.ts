import { spawnSync } from 'node:child_process';
import { chromiumPath } from './browser.ts';

/** Installs Debian's Chromium if this is root on Debian, else Playwright's. Tests that need a browser are skipped without. */
if (chromiumPath === undefined) {
  process.stdout.write('Installing Chromium … ');
  const start = Date.now();
  const debian = ['apt-get update -qq', 'apt-get install -y -qq --no-install-recommends chromium'];
  const installed =
    (process.getuid?.() === 0 && debian.every(run)) ||
    run('playwright-core install --no-shell chromium');
  process.stdout.write(installed ? `${Math.round((Date.now() - start) / 1000)} s\n` : 'failed\n');
  if (!installed) {
    process.stderr.write(
      'The tests that need a browser are skipped. Install Chromium, or set CHROMIUM to the path of one.\n',
    );
  }
}

function run(command: string): boolean {
  return spawnSync(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
