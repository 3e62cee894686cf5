import { spawnSync } from 'node:child_process';
import { chromiumPath } from './browser.ts';

/** Debian's where that can be installed, else Playwright's own. The tests that need one are skipped without. */
if (chromiumPath === undefined) {
  process.stdout.write('Installing Chromium for the tests that look at pages …\n');
  const debian = ['apt-get update -qq', 'apt-get install -y -qq --no-install-recommends chromium'];
  const installed =
    (process.getuid?.() === 0 && debian.every(run)) ||
    run('playwright-core install --no-shell chromium');
  if (!installed) {
    process.stderr.write(
      'Chromium could not be installed: the tests that look at pages are skipped. Install it, or name one with CHROMIUM=….\n',
    );
  }
}

function run(command: string): boolean {
  return spawnSync(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
