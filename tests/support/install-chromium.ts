import { spawnSync } from 'node:child_process';
import { chromiumPath } from './browser.ts';

/** Installs Chromium if it is missing: Debian's package if possible, or else Playwright's. Without Chromium, browser tests are skipped. */
if (chromiumPath === undefined) {
  process.stdout.write('Installing Chromium … ');
  const start = Date.now();
  const installed =
    (process.getuid?.() === 0 &&
      run('apt-get update -qq') &&
      (install('chromium-headless-shell') || install('chromium'))) ||
    run('playwright-core install --no-shell chromium');
  process.stdout.write(installed ? `${Math.round((Date.now() - start) / 1000)} s\n` : 'failed\n');
  if (!installed) {
    process.stderr.write(
      'The tests that need a browser are skipped. Install Chromium, or set CHROMIUM to the path of one.\n',
    );
  }
}

function install(debianPackage: string): boolean {
  return run(`apt-get install -y -qq --no-install-recommends ${debianPackage}`);
}

function run(command: string): boolean {
  return spawnSync(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
