/**
 * Reads the body of a Fetch request or response into memory, up to a size limit. Nothing is cancelled at the limit, so
 * that the caller can still respond on the connection; the rest of the body stays unread.
 *
 * @returns the bytes, or undefined when the body is larger than `maxBytes`
 * @throws the error of the stream, when the body is aborted
 */
export async function readBounded(
  { headers, body }: Pick<Request | Response, 'headers' | 'body'>,
  maxBytes: number,
): Promise<Buffer<ArrayBuffer> | undefined> {
  if (Number(headers.get('Content-Length') ?? 0) > maxBytes) return undefined;
  if (!body) return Buffer.alloc(0);
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return Buffer.concat(chunks);
      size += value.byteLength;
      if (size > maxBytes) return undefined;
      chunks.push(value);
    }
  } finally {
    reader.releaseLock();
  }
}
