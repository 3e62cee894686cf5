import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProcess } from '../support/process.ts';
import { administer } from '../support/server.ts';
import { SECRET, tokenOf } from '../support/tokens.ts';
import { unusedPort } from '../support/unused-port.ts';

interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: number;
    readonly arrayValue?: unknown;
  };
}
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A collector of OpenTelemetry (OTLP as JSON over HTTP). */
async function startCollector() {
  const exports: Export[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      exports.push(body as Export);
      response.setHeader('Content-Type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, exports };
}

const startTraced = (settings: Record<string, string>) =>
  startProcess({
    DATABASE_URL: database.url,
    BETTER_AUTH_SECRET: SECRET,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    ...settings,
  });

const attributesOf = ({ attributes }: { readonly attributes: readonly Attribute[] }) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]),
  );

test('a request is a span of the trace of its client, and contains its statement; the last spans are exported at the stop', async () => {
  const collector = await startCollector();
  const running = await startTraced({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: 'todo',
  });
  const client = createClient(running.url, await tokenOf('alice'));
  const traceparent = `00-${TRACE_ID}-${PARENT_ID}-01`;
  await client.post('/api/tasks', { title: 'secret title' }, { headers: { traceparent } });
  await client.get('/api/tasks/not-an-id', { headers: { traceparent } });
  await administer(database.url, 'alter table tasks rename to elsewhere');
  expect((await client.get('/api/tasks', { headers: { traceparent } })).status).toBe(500);
  await administer(database.url, 'alter table elsewhere rename to tasks');
  expect(await running.end('SIGTERM')).toBe(0);

  const [resource] = collector.exports.flatMap(({ resourceSpans }) => resourceSpans);
  expect(resource && attributesOf(resource.resource)).toMatchObject({ 'service.name': 'todo' });
  const spans = collector.exports
    .flatMap(({ resourceSpans }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans);
  const ofTrace = spans.filter(({ traceId }) => traceId === TRACE_ID);
  const [created, refused, failed] = ofTrace.filter(
    ({ parentSpanId }) => parentSpanId === PARENT_ID,
  );
  expect(created).toMatchObject({ name: 'POST /api/tasks', status: { code: 0 } });
  expect(created && attributesOf(created)).toMatchObject({
    'http.route': '/api/tasks',
    'http.response.status_code': 201,
  });
  expect(refused).toMatchObject({ name: 'GET /api/tasks/{id}', status: { code: 0 } });
  expect(refused && attributesOf(refused)).toMatchObject({
    'http.response.status_code': 422,
    'error.type': 'validation-error',
  });
  expect(failed).toMatchObject({ name: 'GET /api/tasks', status: { code: 2 } });
  expect(failed && attributesOf(failed)).toMatchObject({ 'error.type': 'internal-error' });
  const failedStatement = ofTrace.find(({ parentSpanId }) => parentSpanId === failed?.spanId);
  expect(failedStatement?.status).toMatchObject({ code: 2 });
  const statement = ofTrace.find(({ parentSpanId }) => parentSpanId === created?.spanId);
  expect(statement && attributesOf(statement)).toMatchObject({
    'db.system.name': 'postgresql',
    'db.query.text': expect.stringContaining('insert into tasks') as string,
  });
  expect(JSON.stringify(spans)).not.toContain('secret title');
});

test('a collector that is down costs a warning, not a request', async () => {
  const running = await startTraced({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await unusedPort()}`,
    OTEL_BSP_SCHEDULE_DELAY: '10',
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
  });
  const client = createClient(running.url, await tokenOf('alice'));
  expect((await client.list()).status).toBe(200);
  expect(await running.end('SIGTERM')).toBe(0);
  expect(running.log()).toContainEqual(expect.objectContaining({ level: 40, msg: 'tracing' }));
});

test('OTEL_TRACES_EXPORTER=none turns tracing off', async () => {
  const collector = await startCollector();
  const running = await startTraced({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_EXPORTER: 'none',
  });
  const client = createClient(running.url, await tokenOf('alice'));
  expect((await client.list()).status).toBe(200);
  expect(await running.end('SIGTERM')).toBe(0);
  expect(collector.exports).toEqual([]);
});
