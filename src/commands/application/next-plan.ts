import type { ProgramPlan } from './run-programs.ts';

const NEXT = 'node_modules/next/dist/bin/next';

interface Options {
  readonly environment: ProgramPlan['environment'];
  /** The URL to listen on. */
  readonly url: string;
  /** Whether to run the development server with live reload instead of the production build. */
  readonly reload: boolean;
}

/** The plan to start the frontend with Next.js. */
export function nextPlan({ environment, url, reload }: Options): ProgramPlan {
  const { hostname, port } = new URL(url);
  const address = ['--port', port, '--hostname', hostname];
  return {
    name: 'frontend',
    args: [NEXT, reload ? 'dev' : 'start', 'frontend', ...address],
    // Next.js sets NODE_ENV.
    environment: { ...environment, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1' },
    // Without reload, Next.js prints only a banner there.
    output: reload ? 'all' : 'errors',
    ready: `${url}/healthz`,
  };
}
