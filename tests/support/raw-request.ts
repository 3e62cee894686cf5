import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { type ApiResponse, expectProblem } from './client.ts';

interface RawRequest {
  method?: string;
  /** Sent unchanged; `fetch` would resolve dot segments, including encoded ones. */
  path: string;
  token: string;
  /** A list of values is sent as repeated headers. */
  headers?: Record<string, string | string[]>;
  body?: string;
}

/** Sends requests that `fetch` cannot send: an unchanged path, repeated headers. Checks error responses like the client. */
export async function rawRequest<Body = unknown>(
  url: string,
  { method = 'GET', path, token, headers = {}, body }: RawRequest,
): Promise<ApiResponse<Body>> {
  const request = httpRequest(url, {
    method,
    path,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const text = await readText(response);
  const pairs = Object.entries(response.headers).map(
    ([name, value]) => [name, String(value)] as [string, string],
  );
  const received = {
    status: response.statusCode ?? 0,
    headers: new Headers(pairs),
    text,
    body: (text === '' ? undefined : JSON.parse(text)) as Body,
  };
  if (received.status >= 400) expectProblem(received);
  return received;
}
