import type { IncomingMessage } from 'node:http';

/** How many bytes a chunk of a body counts in addition to its own: however short it is, it costs about 1 µs. */
const CHUNK_COST = 64;

export function hasBody(request: IncomingMessage): boolean {
  return isChunked(request) || Number(request.headers['content-length'] ?? 0) > 0;
}

export function isChunked({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined;
}

/**
 * Reads the rest of a body whose response is complete. If it does not end within the limits, the connection is closed. Closing
 * it at once would reset it while the client is still sending, and so discard the response.
 */
export function discardRest(
  request: IncomingMessage,
  { lingerBytes, lingerMs }: { readonly lingerBytes: number; readonly lingerMs: number },
): void {
  if (request.complete) return;
  const { socket } = request;
  // Node.js calls this to close a connection that is not kept alive. Until the body ends, only our side is closed.
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    socket.end();
  };
  const timer = setTimeout(() => {
    socket.destroy();
  }, lingerMs);
  const clear = () => {
    clearTimeout(timer);
  };
  socket.once('close', clear);
  let rest = lingerBytes;
  request
    .on('data', (chunk: Buffer) => {
      rest -= chunk.length + CHUNK_COST;
      if (rest < 0) socket.destroy();
    })
    .once('end', () => {
      clear();
      // The connection can be kept alive for many more requests.
      socket.off('close', clear);
      socket.destroySoon = destroySoon;
      if (socket.writableEnded) destroySoon();
    });
  // Otherwise Node.js discards the body itself, and removes our listener.
  request.read(0);
}
