/**
 * Reads the body of a request, and no more of it than is allowed.
 *
 * @returns the request with its body in memory; undefined when the body is larger
 */
export async function readBounded(
  request: Request,
  maxBytes: number,
): Promise<Request | undefined> {
  if (!request.body) return request;
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) return undefined;
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    // What is left is not cancelled, which would cut the connection before the reply.
    if (size > maxBytes) return undefined;
    chunks.push(value);
  }
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: Buffer.concat(chunks) });
}
