import { spawnSync } from 'node:child_process';
import { chromiumPath } from './browser.ts';

const install = (name: string) => run(`apt-get install -y -qq --no-install-recommends ${name}`);

/** Installs a Chromium if there is none: Debian's where possible, else Playwright's. Without one, browser tests are skipped. */
if (chromiumPath === undefined) {
  process.stdout.write('Installing Chromium for the browser tests …\n');
  const installed =
    (process.getuid?.() === 0 &&
      run('apt-get update -qq') &&
      (install('chromium-headless-shell') || install('chromium'))) ||
    run('playwright-core install --no-shell chromium');
  if (!installed) {
    process.stderr.write(
      'Chromium could not be installed, so the browser tests are skipped. Install it, or set CHROMIUM to the path of one.\n',
    );
  }
}

function run(command: string): boolean {
  return spawnSync(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
