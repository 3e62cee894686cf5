import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createTasksClient } from '@tasks-api/client';
import { useFaultyServer } from '../support/faulty-server.ts';
import { useService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';

const service = useService();
/** Counts the requests. */
const server = useFaultyServer(() => service.url);

beforeEach(() => {
  server.requests.length = 0;
});

describe('a token', () => {
  test.each([
    ['has expired', expiredTokenOf],
    ['is invalid', forgedTokenOf],
  ])('that %s is requested again, and the call is retried once', async (_name, rejectedTokenOf) => {
    const rejected = await rejectedTokenOf('alice');
    const fresh = await tokenOf('alice');
    const token = vi.fn().mockResolvedValueOnce(rejected).mockResolvedValue(fresh);
    const client = createTasksClient({ baseUrl: server.url, token });
    const { id } = await client.createTask({ body: { title: 'Buy milk' } });
    expect(token).toHaveBeenCalledTimes(2);
    expect(server.requests).toHaveLength(2);

    token.mockResolvedValueOnce(rejected);
    expect(await client.completeTask({ path: { id } })).toMatchObject({ completed: true });
    await client.deleteTask({ path: { id } });
  });

  test('that cannot be renewed: the error of the function is passed through', async () => {
    const over = new Error('the session is over');
    const token = vi
      .fn()
      .mockResolvedValueOnce(await expiredTokenOf('alice'))
      .mockRejectedValue(over);
    const client = createTasksClient({ baseUrl: server.url, token });
    await expect(client.listTasks()).rejects.toBe(over);
  });

  test('that is not returned in time ends the call with a timeout', async () => {
    const token = () => new Promise<string>(() => undefined);
    const client = createTasksClient({ baseUrl: server.url, token, timeout: 100 });
    await expect(client.listTasks()).rejects.toMatchObject({ code: 'timeout' });
    const reason = new Error('the page is closed');
    const controller = new AbortController();
    const call = client.listTasks({ signal: controller.signal, timeout: 60_000 });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    ['expired', 'token-expired', expiredTokenOf],
    ['invalid', 'invalid-token', forgedTokenOf],
  ])('that is %s again is not requested a third time', async (_name, code, rejectedTokenOf) => {
    const token = vi.fn(() => rejectedTokenOf('alice'));
    const client = createTasksClient({ baseUrl: server.url, token });
    await expect(client.listTasks()).rejects.toMatchObject({ code });
    expect(token).toHaveBeenCalledTimes(2);
  });

  test('that is malformed is rejected, and not part of the message', async () => {
    for (const token of ['one\ntwo', 'ü', 'a b']) {
      const client = createTasksClient({ baseUrl: service.url, token: () => token });
      await expect(client.listTasks()).rejects.toThrow(
        /^`token` returned an invalid bearer token$/,
      );
    }
  });
});
