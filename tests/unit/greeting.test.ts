import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { greeting } from '../../src/commands/greeting.ts';

test.each([
  ['127.0.0.1', 'http://localhost:8001'],
  ['0.0.0.0', 'http://localhost:8001'],
  ['192.0.2.1', 'http://192.0.2.1:8001'],
  ['2001:db8::1', 'http://[2001:db8::1]:8001'],
])('for the host %s, the URLs can be used as printed', async (host, base) => {
  const text = await greeting(parseConfig({ HOST: host }), 8001, 'a secret of the tests');
  expect(text).toContain(`API=${base}/api/tasks\n`);
  expect(text).toContain(`API reference   ${base}/docs\n`);
  expect(text).toContain(`OpenAPI         ${base}/openapi.yaml\n`);
});
