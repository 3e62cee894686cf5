import { setTimeout as sleep } from 'node:timers/promises';
import autocannon, { type Request } from 'autocannon';
import { percentile } from './statistics.ts';
import { cpuOf } from './usage.ts';

/** Until all connections are open and busy. */
const RAMP_MS = 400;
const TIMEOUT_SECONDS = 30;
/** How often autocannon checks whether it has to stop. */
const SAMPLE_MS = 50;

interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The statuses of a successful response. */
  readonly statuses: readonly number[];
  /** The requests that a connection sends in this order, again and again. */
  readonly requestsOf: (connection: number) => Request[];
  /** The roots of the process trees whose CPU time is measured. */
  readonly serverPid: number;
  readonly databasePid: number;
}

export interface Measurement {
  readonly requestsPerSecond: number;
  /** Responses with another status than expected, timeouts and lost connections. */
  readonly errors: number;
  /** Latency in ms. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time per request in µs. */
  readonly serverCpu: number;
  readonly databaseCpu: number;
  /** That of this process, which sends the requests. */
  readonly loadCpu: number;
}

/**
 * Sends requests over keep-alive connections: each connection sends its next request when it has received a response.
 * Measures while all connections are busy, so that opening and closing them does not count.
 */
export async function measure(load: Load): Promise<Measurement> {
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  let connection = 0;
  const instance = autocannon(
    {
      url: load.url,
      connections: load.connections,
      duration: load.seconds + 60,
      timeout: TIMEOUT_SECONDS,
      sampleInt: SAMPLE_MS,
      setupClient: (client) => {
        client.setRequests(load.requestsOf(connection));
        connection += 1;
      },
    },
    () => {
      resolve(undefined);
    },
  );
  let latencies: number[] = [];
  let errors = 0;
  instance.on('response', (_client, status, _bytes, duration) => {
    latencies.push(duration);
    if (!load.statuses.includes(status)) errors += 1;
  });
  instance.on('reqError', () => {
    errors += 1;
  });
  const now = () => ({
    time: performance.now(),
    server: cpuOf(load.serverPid),
    database: cpuOf(load.databasePid),
    load: process.cpuUsage(),
  });

  await sleep(RAMP_MS);
  latencies = [];
  errors = 0;
  const start = now();
  await sleep(load.seconds * 1000);
  const end = now();
  const { user, system } = process.cpuUsage(start.load);
  const sorted = latencies.toSorted((one, other) => one - other);
  const count = sorted.length;
  const measurement = {
    requestsPerSecond: (count / (end.time - start.time)) * 1000,
    errors,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    serverCpu: (end.server - start.server) / count,
    databaseCpu: (end.database - start.database) / count,
    loadCpu: (user + system) / count,
  };
  instance.stop();
  await ended;
  return measurement;
}
