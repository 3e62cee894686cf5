import { readFileSync, writeFileSync } from 'node:fs';

/** The pictures that Redoc's page would fetch, and nothing else that it would. */
const LOGO = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g;

const [page = ''] = process.argv.slice(2);
const html = readFileSync(page, 'utf8');
if (!LOGO.test(html)) throw new Error(`${page} has no logo to drop; look how Redoc shows it now`);
// A picture that cannot be shown is left out.
writeFileSync(page, html.replace(LOGO, 'data:,'));
