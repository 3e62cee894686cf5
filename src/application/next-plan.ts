import type { ProgramPlan } from './run-programs.ts';

const NEXT = 'node_modules/next/dist/bin/next';

interface Options {
  readonly environment: ProgramPlan['environment'];
  /** The URL that the frontend listens on. */
  readonly url: string;
  /** Whether it reloads when its code changes. Otherwise the frontend must have been built. */
  readonly reload: boolean;
}

/** How to run the frontend, which is a Next.js application. */
export function nextPlan({ environment, url, reload }: Options): ProgramPlan {
  const { hostname, port } = new URL(url);
  const options = ['--port', port, '--hostname', hostname];
  return {
    name: 'frontend',
    args: [NEXT, reload ? 'dev' : 'start', 'frontend', ...options],
    // Next.js sets NODE_ENV itself.
    environment: { ...environment, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1' },
    // Without reload, Next.js prints only a banner there.
    output: reload ? 'all' : 'errors',
    ready: `${url}/healthz`,
  };
}
