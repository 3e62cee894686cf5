import { createRequire } from 'node:module';
import { fastApiVersion } from './python.ts';
import type { ServerName } from './servers.ts';

const fastify = createRequire(import.meta.url)('fastify/package.json') as { version: string };

/** The versions of the frameworks of some servers, such as `Fastify 5.12.8`. */
export async function versionsOf(servers: readonly ServerName[]): Promise<string[]> {
  return [
    `Fastify ${fastify.version}`,
    ...(servers.includes('fastapi') ? [`FastAPI ${await fastApiVersion()}`] : []),
  ];
}
