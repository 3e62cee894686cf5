// Shows the tasks page while there is no connection. The pages store it and its scripts, and delete them (app/lib/offline-copy.ts).
const { pathname: PAGE } = new URL('tasks', self.location.href);
const { pathname: BUILT } = new URL('_next/static/', self.location.href);

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  const isPage = request.mode === 'navigate' && pathname === PAGE;
  if (isPage || pathname.startsWith(BUILT)) event.respondWith(respond(request, isPage));
});

async function respond(request, isPage) {
  try {
    return await fetch(request);
  } catch (error) {
    const stored = await caches.match(isPage ? PAGE : request);
    if (stored) return stored;
    throw error;
  }
}
