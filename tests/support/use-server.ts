import { afterAll, beforeAll } from 'vitest';

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Starts a server before the tests of the calling file or `describe` block, and stops it after them.
 *
 * @returns the server, for use in tests and in hooks that are declared later
 */
export function useServer<Server extends Stoppable>(start: () => Promise<Server>): Server {
  let server: Server | undefined;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server?.stop());
  return new Proxy({} as Server, {
    get(_target, property) {
      if (!server) throw new Error('The server is not started yet: use it in a test or a hook');
      return Reflect.get(server, property) as unknown;
    },
  });
}
