import type { IncomingMessage } from 'node:http';

const PATHS = new Set(['/livez', '/readyz']);

/** Orchestrators and load balancers send health checks, most urgently when the service is busy. */
export const isHealthCheck = ({ url }: IncomingMessage): boolean => PATHS.has(url ?? '');
