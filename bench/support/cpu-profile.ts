import type { Profiler } from 'node:inspector';

/** The process waited, or recorded the profile. */
const OMITTED = ['(idle)', 'node:inspector'];
const SOURCE = /.*\/(src|generated|openapi)\/(?:(.+)\/)?[^/]+$/;
/** What keeps one user from hurting another. */
const PROTECTING =
  /\/rate-limiter-flexible\/|\/src\/(rate-limits|deadlines|revocations|turns|server)\/|\/(fair-queue|rate-limited-authentication|audit-log)\.ts$/;
const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** The origin of rate limits, fair queues, deadlines, revocations, limits of connections and load, and audit events. */
export const PROTECTION = '(protection)';

/**
 * Adds up the self time of a CPU profile by origin: npm packages, the folders of the service, modules of Node.js, and V8's
 * own entries such as `(garbage collector)`. Built-in functions count for the package or folder that calls them; those that
 * Node.js calls are listed by name, such as `writev (native)`.
 *
 * @returns µs by origin, without the time that the process waited
 */
export function selfTimes(profile: Profiler.Profile): Map<string, number> {
  const origins = originsOf(profile.nodes);
  const times = new Map<string, number>();
  profile.samples?.forEach((node, n) => {
    const origin = origins.get(node) ?? '(unknown)';
    if (OMITTED.includes(origin)) return;
    times.set(origin, (times.get(origin) ?? 0) + (profile.timeDeltas?.[n] ?? 0));
  });
  return times;
}

/** The origin of each node of the call tree. Parents come before their children. */
function originsOf(nodes: readonly Profiler.ProfileNode[]): Map<number, string> {
  const origins = new Map<number, string>();
  const parents = new Map<number, number>();
  for (const { id, callFrame, children = [] } of nodes) {
    const { functionName, url } = callFrame;
    const parent = origins.get(parents.get(id) ?? -1) ?? '(root)';
    if (functionName.startsWith('(')) origins.set(id, functionName);
    else if (parent === PROTECTION && url.startsWith('node:')) origins.set(id, parent);
    else if (url !== '') origins.set(id, originOf(url));
    else origins.set(id, parent.startsWith('node:') ? `${functionName} (native)` : parent);
    for (const child of children) parents.set(child, id);
  }
  return origins;
}

/** Such as `pg`, `src/http` or `node:internal/streams`. */
function originOf(url: string): string {
  if (PROTECTING.test(url)) return PROTECTION;
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  const [, name] = PACKAGE.exec(url) ?? [];
  if (name !== undefined) return name;
  const [, root, folder] = SOURCE.exec(url) ?? [];
  if (root === undefined) return '(generated code)';
  return folder === undefined ? root : `${root}/${folder}`;
}
