import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { advisoryErrors, licenceErrors } from '../../ops/dependencies/rules.ts';
import { runProcess } from '../support/process.ts';

const lockfileOf = (name: string, entry: object) => ({
  packages: {
    '': {},
    [`frontend/node_modules/a/node_modules/${name}`]: { version: '1.10.0', ...entry },
  },
});

test.each([
  ['MIT', []],
  ['(GPL-3.0 OR MIT)', []],
  ['(MIT AND CC-BY-4.0)', []],
  ['GPL-3.0-only', ['some 1.10.0: the licence is GPL-3.0-only']],
  ['MIT AND GPL-3.0', ['some 1.10.0: the licence is MIT AND GPL-3.0']],
  [undefined, ['some 1.10.0: the licence is missing']],
])('the licence %s', (license, errors) => {
  expect(licenceErrors(lockfileOf('some', { license }))).toEqual(errors);
});

test('an exception is for its package only', () => {
  const license = 'Apache-2.0 AND LGPL-3.0-or-later';
  expect(licenceErrors(lockfileOf('@img/sharp-x', { license }))).toEqual([]);
  expect(licenceErrors(lockfileOf('sharp-x', { license }))).toHaveLength(1);
});

test('packages for development and our own are not checked', () => {
  for (const flag of ['dev', 'link'])
    expect(licenceErrors(lockfileOf('some', { [flag]: true }))).toEqual([]);
});

test.each([
  ['1.9.9', 0],
  ['1.10.0', 0],
  ['1.10.1', 1],
  ['2.0.0', 1],
])('a vulnerability that is fixed in %s', (fixed, count) => {
  const advisories = { some: { fixed, advisory: 'GHSA-0' } };
  expect(advisoryErrors(lockfileOf('some', {}), advisories)).toHaveLength(count);
});

const REFUSED =
  'Note: the registry refused the audit or did not respond; only ops/dependencies/advisories.json was used\n';

test.concurrent.for([
  ['refuses audits', 403, REFUSED],
  ['knows no vulnerability', 200, ''],
] as const)('a registry that %s', async ([, status, stderr], { onTestFinished, expect }) => {
  const registry = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end('{}'));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    registry.close();
  });
  await once(registry, 'listening');
  const { port } = registry.address() as AddressInfo;
  const result = await runProcess('ops/dependencies/check.ts', {
    npm_config_registry: `http://127.0.0.1:${port}/`,
  });
  expect(result).toEqual({ code: 0, stdout: '', stderr });
});
