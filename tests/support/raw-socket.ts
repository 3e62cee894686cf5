import { once } from 'node:events';
import { connect } from 'node:net';
import { expectProblem, type Problem, type ApiResponse } from './client.ts';

export interface RawReply extends ApiResponse {
  /** The first line, such as `HTTP/1.1 200 OK`. */
  readonly statusLine: string;
}

interface Options {
  /** How many responses to wait for; then the connection is closed from our side. */
  responses?: number;
  /** The responses have no body, whatever their headers say. */
  head?: boolean;
}

/** Sends bytes over a socket of their own, and returns what comes back, parsed (RFC 9112). */
export async function sendRaw(
  port: number,
  bytes: string | Uint8Array,
  { responses = 1, head = false }: Options = {},
): Promise<RawReply[]> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  let found: RawReply[] = [];
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
    found = parseReplies(received, head);
    if (found.length >= responses) socket.destroy();
  });
  socket.write(bytes);
  // A connection that is cut while we still write is no error; what was received counts.
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return found;
}

/** Sends one request whose response is a problem, checks its shape and returns it with its problem. */
export async function sendForProblem(
  port: number,
  bytes: string | Uint8Array,
): Promise<{ response: RawReply; problem: Problem }> {
  const [response] = await sendRaw(port, bytes);
  if (!response) throw new Error('there was no response');
  return { response, problem: expectProblem(response) };
}

/** The text of a request, with a Host unless it is given. */
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

/** The complete responses in what was received; each says its length, or has no body. */
function parseReplies(received: string, head: boolean): RawReply[] {
  const responses: RawReply[] = [];
  let rest = received;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return responses;
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = new Headers(
      lines.map((line) => {
        const [name = '', ...value] = line.split(':');
        return [name, value.join(':').trim()] as [string, string];
      }),
    );
    const length = head ? 0 : Number(headers.get('content-length') ?? 0);
    const text = rest.slice(end + 4, end + 4 + length);
    if (text.length < length) return responses;
    rest = rest.slice(end + 4 + length);
    const json = text !== '' && headers.get('content-type')?.includes('json');
    responses.push({
      statusLine,
      status: Number(statusLine.split(' ')[1]),
      headers,
      text,
      body: json ? (JSON.parse(Buffer.from(text, 'latin1').toString()) as unknown) : undefined,
    });
  }
}
