import { once } from 'node:events';
import { connect } from 'node:net';
import { expectProblem, type Problem, type ApiResponse } from './client.ts';

export interface RawResponse extends ApiResponse {
  /** For example `HTTP/1.1 200 OK`. */
  readonly statusLine: string;
}

interface Options {
  /** The number of responses to wait for before the connection is closed. */
  responses?: number;
  /** The responses are to HEAD requests, and have no body. */
  head?: boolean;
}

/** Sends bytes over a new connection, and returns the parsed responses (RFC 9112). */
export async function sendRaw(
  port: number,
  bytes: string | Uint8Array,
  { responses = 1, head = false }: Options = {},
): Promise<RawResponse[]> {
  const socket = connect(port, '127.0.0.1');
  const found: RawResponse[] = [];
  let rest = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    rest += text;
    // What has been parsed is not parsed again: there can be a thousand responses, each in a chunk of its own.
    for (let parsed; (parsed = parseResponse(rest, head)); rest = parsed.rest)
      found.push(parsed.response);
    if (found.length >= responses) socket.destroy();
  });
  socket.write(bytes);
  // A connection that the server closes while the client writes is not an error; the received responses count.
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return found;
}

/** Sends one request, and returns the response with its problem, whose format is checked. */
export async function sendForProblem(
  port: number,
  bytes: string | Uint8Array,
): Promise<{ response: RawResponse; problem: Problem }> {
  const [response] = await sendRaw(port, bytes);
  if (!response) throw new Error('there was no response');
  return { response, problem: expectProblem(response) };
}

/** The text of a request, with a default Host. */
export function requestText(
  startLine: string,
  headers: Record<string, string> = {},
  body = '',
): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [startLine, ...lines, '', body].join('\r\n');
}

/**
 * Parses the first response in a text. A response without Content-Length has no body.
 *
 * @returns undefined if it is incomplete
 */
function parseResponse(
  text: string,
  head: boolean,
): { response: RawResponse; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Headers(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name, value.join(':').trim()] as [string, string];
    }),
  );
  const length = head ? 0 : Number(headers.get('content-length') ?? 0);
  const body = text.slice(end + 4, end + 4 + length);
  if (body.length < length) return undefined;
  const json = body !== '' && headers.get('content-type')?.includes('json');
  const response = {
    statusLine,
    status: Number(statusLine.split(' ')[1]),
    headers,
    text: body,
    body: json ? (JSON.parse(Buffer.from(body, 'latin1').toString()) as unknown) : undefined,
  };
  return { response, rest: text.slice(end + 4 + length) };
}
