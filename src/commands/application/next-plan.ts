import type { ProgramPlan } from './run-programs.ts';

const NEXT = 'node_modules/next/dist/bin/next';

interface Options {
  readonly environment: ProgramPlan['environment'];
  /** Where it listens. */
  readonly url: string;
  /** Whether it follows the changes of its code; else it is started as it was built. */
  readonly reload: boolean;
}

/** The frontend, as a program of Next.js. */
export function nextPlan({ environment, url, reload }: Options): ProgramPlan {
  const { hostname, port } = new URL(url);
  const where = ['--port', port, '--hostname', hostname];
  return {
    name: 'frontend',
    args: [NEXT, reload ? 'dev' : 'start', 'frontend', ...where],
    // Next.js sets NODE_ENV by itself.
    environment: { ...environment, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1' },
    ready: `${url}/healthz`,
  };
}
