import { BASE_PATH } from './base-path.ts';
import { SERVICE_WORKER } from './security-policy.ts';

/**
 * The copy of the tasks page with which the service worker shows the application offline. It has the id of the user, but no task:
 * these are in the saved responses.
 */
const CACHE = 'offline';
const PAGE = `${BASE_PATH}/tasks`;
const BUILT = `${BASE_PATH}/_next/static/`;

/** After the page has loaded, which it must not delay. */
const START_MS = 1_000;

let isDeleted = false;

/**
 * Stores the tasks page with all scripts and styles that it loads, now and later. Does nothing in browsers that allow no service
 * worker, such as for http on another host. Returns a function that stops it.
 */
export function keepOfflineCopy(): () => void {
  if (!('serviceWorker' in navigator) || !('caches' in window)) return () => undefined;
  const loaded = new Set<string>();
  let storing = Promise.resolve();
  const later = (step: (cache: Cache) => Promise<unknown>) => {
    // Without space or permission there is no copy.
    storing = storing
      .then(async () => {
        if (!isDeleted) await step(await caches.open(CACHE));
      })
      .catch(() => undefined);
  };
  const observer = new PerformanceObserver((list) => {
    // Not the requests of cache.add itself, which would follow each other without end while the browser is offline.
    const entries = list.getEntries() as PerformanceResourceTiming[];
    const urls = entries.flatMap(({ name, initiatorType }) =>
      isBuilt(name) && initiatorType !== 'fetch' ? name : [],
    );
    for (const url of urls) loaded.add(url);
    later(async (cache) => {
      for (const url of urls) if (!(await cache.match(url))) await cache.add(url);
    });
  });
  const start = async () => {
    await navigator.serviceWorker.register(SERVICE_WORKER);
    observer.observe({ type: 'resource', buffered: true });
    later(async (cache) => {
      const page = await fetch(PAGE, { headers: { Accept: 'text/html' } });
      // Redirected if the session has ended.
      if (page.ok && !page.redirected) await cache.put(PAGE, page);
      for (const { url } of await cache.keys())
        if (isBuilt(url) && !loaded.has(url)) await cache.delete(url);
    });
  };
  const timer = setTimeout(() => {
    start().catch(() => undefined);
  }, START_MS);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
}

/** Deletes the copy. From now on this page stores none. */
export async function deleteOfflineCopy(): Promise<void> {
  isDeleted = true;
  try {
    await caches.delete(CACHE);
  } catch {
    // A browser that lacks or blocks caches has no copy.
  }
}

function isBuilt(url: string): boolean {
  const { origin, pathname } = new URL(url);
  return origin === location.origin && pathname.startsWith(BUILT);
}
