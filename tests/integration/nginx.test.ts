import { describe, expect, test } from 'vitest';
import { type ApiResponse, createClient } from '../support/client.ts';
import { nginxPath, startNginx } from '../support/nginx.ts';
import { useServer } from '../support/use-server.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
const tagOf = ({ headers }: ApiResponse) => headers.get('etag') ?? '';

describe.runIf(nginxPath !== undefined)('behind nginx with gzip', () => {
  const nginx = useServer(() => startNginx([service.url]));

  test('conditional requests work with the ETag that nginx returns', async () => {
    const client = createClient(nginx.url, await tokenOf('alice'));
    const path = `/api/tasks/${(await client.create()).id}`;
    const found = await client.get(path);
    expect(found.headers.get('content-encoding')).toBe('gzip');
    const tag = tagOf(found);
    expect(tag).toBe('W/"1"');
    expect((await client.get(path, { headers: { 'If-None-Match': tag } })).status).toBe(304);

    const ifMatch = { headers: { 'If-Match': tag } };
    const patched = await client.patch(path, { title: 'Buy oat milk' }, ifMatch);
    expect(patched.status, patched.text).toBe(200);
    expect((await client.patch(path, { title: 'Buy bread' }, ifMatch)).status).toBe(412);
    expect((await client.get(path, { headers: { 'If-None-Match': tag } })).status).toBe(200);
    const deleted = await client.delete(path, { headers: { 'If-Match': tagOf(patched) } });
    expect(deleted.status).toBe(204);
  });
});
