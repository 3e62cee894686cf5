import type { Call } from './call.ts';
import type { World } from './world.ts';
import { users } from './world.ts';

/** A request as sent, without its Host header. Its strings have one byte per character. */
export interface Request {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | undefined;
}

/** Resolves the references of a call to existing users and tasks. */
export function toRequest(call: Call, world: World): Request {
  const { caller, token, method, headers, body } = call;
  const authorization = world.authorization(caller, token);
  return {
    method,
    target: targetOf(call, world),
    headers: [
      ...(authorization === undefined ? [] : [['Authorization', authorization] as const]),
      ...headers,
      ...(body?.mediaType === undefined ? [] : [['Content-Type', body.mediaType] as const]),
      ...(body ? [lengthHeader(body)] : []),
    ],
    body: body?.bytes,
  };
}

function targetOf({ path, query, caller }: Call, world: World): string {
  const segments = path.map((part) => {
    if (typeof part === 'string') return part;
    if ('task' in part) return world.taskOf(caller, part.task);
    const user = users[(caller + (part.user === 'caller' ? 0 : 1)) % users.length];
    return encodeURIComponent(user ?? '');
  });
  const parameters = query.map(([name, value]) => `${name}=${value}`).join('&');
  return segments.join('/') + (parameters === '' ? '' : `?${parameters}`);
}

function lengthHeader({ bytes, chunked }: { bytes: Uint8Array; chunked: boolean }) {
  return chunked
    ? (['Transfer-Encoding', 'chunked'] as const)
    : (['Content-Length', String(bytes.length)] as const);
}
