import type { Task, TaskCompletion, TaskUpdate } from './schemas.ts';
import type { Versioned } from './types.ts';

/** The options of a request of the generated client, with the path as a template. */
interface RequestOptions {
  readonly baseUrl?: string;
  readonly url: string;
  readonly path?: Readonly<Record<string, string | null | undefined>>;
  client?: unknown;
  bodySerializer?: unknown;
}

/**
 * Checks and completes the options of a request of the generated client, before it creates the `Request` from them.
 *
 * @throws {TypeError} if the URL would be relative, and there is no page that it is relative to; if a path parameter is
 *   missing, or would change the path: a URL segment cannot be empty, `.` or `..`, even if encoded
 */
export function prepareRequest(options: unknown): Promise<void> {
  const request = options as RequestOptions;
  const { baseUrl = '', url, path = {} } = request;
  if (!/^https?:/i.test(baseUrl) && !('location' in globalThis))
    throw new TypeError(
      '`baseUrl` must be the URL of the service: outside of a page, there is no origin',
    );
  for (const [, name = ''] of url.matchAll(/\{(\w+)\}/g)) {
    const value = path[name];
    if (['', '.', '..'].includes(value ?? ''))
      throw new TypeError(`path.${name} cannot be ${JSON.stringify(value)}`);
  }
  // The generated functions do not remove `client` from the options of the `Request`, where it has another meaning in Deno.
  delete request.client;
  if (url.endsWith('/complete')) request.bodySerializer = serializeCompletion;
  return Promise.resolve();
}

type ReadOnlyField = Exclude<keyof Versioned<Task>, keyof TaskUpdate>;
/** An object and not an array, so that the compiler finds a missing field. */
const READ_ONLY: Readonly<Record<ReadOnlyField, true>> = {
  id: true,
  user_id: true,
  created_at: true,
  updated_at: true,
  etag: true,
};

/** Serializes a body without the read-only fields of a task, so that a task can be read, changed and sent back. */
export function serializeBody(body: unknown): string {
  return JSON.stringify(body, (name, value: unknown) =>
    Object.hasOwn(READ_ONLY, name) ? undefined : value,
  );
}

/** An object and not an array, so that the compiler finds a missing field. */
const COMPLETION: Readonly<Record<keyof TaskCompletion, true>> = { completed: true };

/** Serializes the body of `completeTask`, which sets no other field of a task. */
function serializeCompletion(body: unknown): string {
  return JSON.stringify(body, Object.keys(COMPLETION));
}

/** The ETag as the service sends it, `"3"`. Proxies that compress a response change it to `W/"3"` or `"3-gzip"`. */
export function originalETag(etag: string): string {
  return etag.replace(/^(?:W\/)?"(\d+)(?:[-;][^"]*)?"$/, '"$1"');
}
