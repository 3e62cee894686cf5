import { expect } from 'vitest';
import type { Reply } from './client.ts';
import type { Operation, Schema } from './operations.ts';
import { violation } from './schemas.ts';

/** Expects that a reply is as the contract documents it for the operation: status, headers, media type and body. */
export function expectDocumented({ operationId, replies }: Operation, reply: Reply): void {
  const documented = replies[reply.status];
  const about = `${operationId} ${reply.status} ${reply.text}`;
  if (!documented) throw new Error(`${about} is not in the contract`);
  for (const [name, { schema, required = false }] of Object.entries(documented.headers ?? {})) {
    const value = reply.headers.get(name);
    if (required) expect(value, `${about} ${name}`).not.toBeNull();
    if (value !== null) expect(violation(schema, typed(schema, value)), about).toBeUndefined();
  }
  const mediaType = reply.headers.get('content-type')?.split(';', 1)[0];
  if (!documented.content) {
    expect(reply.text, about).toBe('');
    return;
  }
  expect(Object.keys(documented.content), about).toContain(mediaType);
  const content = documented.content[mediaType ?? ''];
  expect(violation(content?.schema, reply.body), about).toBeUndefined();
}

/** A header's text as the type that its schema is about. */
function typed({ type }: Schema, text: string): string | number {
  return type === 'integer' ? Number(text) : text;
}
