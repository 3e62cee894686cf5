import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serveDocs } from '../../../src/docs/serve-docs.ts';
import { createCommonHeaders, setCommonHeaders } from '../../../src/http/common-headers.ts';
import { createServer } from '../../../src/http/node-http.ts';
import { sendProblem } from '../../../src/http/problem-response.ts';
import { requestId } from '../../../src/http/request-id.ts';

test('documents that could not be loaded are loaded again at the next request', async () => {
  const document = { type: 'text/html', body: Buffer.from('docs'), encoded: new Map(), hash: '1' };
  const load = vi.fn<Parameters<typeof serveDocs>[0]>();
  load.mockRejectedValueOnce(new Error('too many open files'));
  load.mockResolvedValueOnce(new Map([['/docs', document]]));
  const app = express().use(
    requestId,
    setCommonHeaders(createCommonHeaders([])),
    serveDocs(load),
    sendProblem(pino({ enabled: false })),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/docs`;
  const statuses = [];
  for (let request = 0; request < 3; request++) statuses.push((await fetch(url)).status);
  expect(statuses).toEqual([500, 200, 200]);
  expect(load).toHaveBeenCalledTimes(2);
});
