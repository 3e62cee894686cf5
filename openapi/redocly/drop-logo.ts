import { readFileSync, writeFileSync } from 'node:fs';

/** The images that the Redoc page would fetch; it fetches nothing else. */
const LOGO = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g;

const [page = ''] = process.argv.slice(2);
const html = readFileSync(page, 'utf8');
if (!LOGO.test(html))
  throw new Error(
    `${page} does not contain the Redoc logo URL; check how this version of Redoc embeds it`,
  );
// An empty image is not shown.
writeFileSync(page, html.replace(LOGO, 'data:,'));
