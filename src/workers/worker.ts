import { runCommand } from '../commands/run-command.ts';
import { STOP_TIMEOUT_MS, stopSignal } from '../commands/stop-signal.ts';
import { readConfig } from '../config.ts';
import { startService } from '../service.ts';
import { createLogger } from '../telemetry/log.ts';

/** Sent to the primary process when the worker listens. */
export interface WorkerMessage {
  readonly port: number;
}

await runCommand(work);
// The connection to the primary process would keep this one running.
process.disconnect();

/** Runs one of several processes of the service until SIGTERM or SIGINT. It also exits when the primary process ends. */
async function work(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const stopping = stopSignal(STOP_TIMEOUT_MS);
  const { databaseUrl = '' } = config;
  const metrics =
    config.metricsPort === undefined
      ? undefined
      : (await import('../telemetry/metrics.ts')).createMetrics();
  const service = await startService({ config, databaseUrl, log, metrics });
  process.send?.({ port: service.port } satisfies WorkerMessage);
  await stopping;
  await service.close();
}
