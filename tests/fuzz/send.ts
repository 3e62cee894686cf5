import { once } from 'node:events';
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import type { ApiResponse } from '../support/client.ts';
import type { Request } from './request.ts';

const TIMEOUT_MS = 10_000;

const agent = new Agent({ keepAlive: true });

/** Sends a request unchanged, which `fetch` does not support, and reads the response. */
export async function send(
  port: number,
  { method, target, headers, body }: Request,
): Promise<ApiResponse> {
  const request = httpRequest({
    host: '127.0.0.1',
    port,
    agent,
    method,
    path: target,
    headers: byName(headers),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const text = await readText(response);
  const json = response.headers['content-type']?.includes('json') === true && text !== '';
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
    ),
    text,
    body: json ? JSON.parse(text) : undefined,
  };
}

/** Groups headers by name; Node.js sends a list as repeated headers. */
function byName(headers: Request['headers']): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of headers) values[name] = [...(values[name] ?? []), value];
  return values;
}
