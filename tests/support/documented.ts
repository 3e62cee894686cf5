import { expect } from 'vitest';
import type { ApiResponse } from './client.ts';
import type { Operation, Schema } from './operations.ts';
import { violation } from './schemas.ts';

/** Expects a response that the contract documents for the operation: status, headers, media type and body. */
export function expectDocumented(
  { operationId, responses }: Operation,
  response: ApiResponse,
): void {
  const documented = responses[response.status];
  const about = `${operationId} ${response.status} ${response.text}`;
  if (!documented) throw new Error(`${about} is not in the contract`);
  for (const [name, { schema, required = false }] of Object.entries(documented.headers ?? {})) {
    const value = response.headers.get(name);
    if (required) expect(value, `${about} ${name}`).not.toBeNull();
    if (value !== null) expect(violation(schema, typed(schema, value)), about).toBeUndefined();
  }
  const mediaType = response.headers.get('content-type')?.split(';', 1)[0];
  if (!documented.content) {
    expect(response.text, about).toBe('');
    return;
  }
  expect(Object.keys(documented.content), about).toContain(mediaType);
  const content = documented.content[mediaType ?? ''];
  expect(violation(content?.schema, response.body), about).toBeUndefined();
}

/** Converts the value of a header to the type in its schema. */
function typed({ type }: Schema, text: string): string | number {
  return type === 'integer' ? Number(text) : text;
}
