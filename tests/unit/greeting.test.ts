import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { greeting } from '../../src/greeting.ts';

test.each([
  ['127.0.0.1', 'http://localhost:8001/api/tasks'],
  ['0.0.0.0', 'http://localhost:8001/api/tasks'],
  ['192.0.2.1', 'http://192.0.2.1:8001/api/tasks'],
  ['2001:db8::1', 'http://[2001:db8::1]:8001/api/tasks'],
])('the host %s is shown as an address to use', async (host, address) => {
  const text = await greeting(parseConfig({ HOST: host }), 8001, 'a secret of the tests');
  expect(text).toContain(`API=${address}\n`);
});
