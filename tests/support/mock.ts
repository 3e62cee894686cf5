import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { unusedPort } from './unused-port.ts';
import { useServer } from './use-server.ts';

export interface Mock {
  /** For example `http://localhost:40123`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A mock server for the tests of a file or a `describe` block. */
export const useMock = (): Mock => useServer(startMock);

/** Starts the mock server as `make mock` does, on a port that no other test can get in the meantime. */
export async function startMock(): Promise<Mock> {
  const child = spawn('npm', ['run', '--silent', 'mock', '--', String(await unusedPort())], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A separate process group, so that npm and the server can be stopped together.
    detached: true,
  });
  const end = once(child, 'close');
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        const [, origin] = /ready on (http:\/\/localhost:\d+)\./.exec(output) ?? [];
        if (origin !== undefined) resolve(origin);
      });
    }
    child.once('error', reject);
    void end.then(() => {
      reject(new Error(`the mock server exited during its start: ${output}`));
    });
  });
  return {
    url,
    stop: async () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await end;
    },
  };
}
