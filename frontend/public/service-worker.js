// Offline, responds with the stored tasks page, and with a message to requests for the account page. The application
// stores the tasks page with its scripts, and deletes them (app/lib/offline-copy.ts).
const { pathname: ROOT } = new URL('./', self.location.href);
const TASKS = `${ROOT}tasks`;
const BUILT = `${ROOT}_next/static/`;

/** The offline responses, by the path of the page. */
const PAGES = new Map([
  // The same redirect as online.
  [ROOT, () => Promise.resolve(Response.redirect(TASKS))],
  [TASKS, () => caches.match(TASKS)],
  [`${ROOT}account`, message],
]);

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  const page = request.mode === 'navigate' ? PAGES.get(pathname) : undefined;
  if (page) event.respondWith(respond(request, page));
  else if (pathname.startsWith(BUILT))
    event.respondWith(respond(request, () => caches.match(request)));
});

async function respond(request, stored) {
  try {
    return await fetch(request);
  } catch (error) {
    const response = await stored();
    if (response) return response;
    throw error;
  }
}

/** A message with a link to the tasks page, if that is stored. */
async function message() {
  if (!(await caches.match(TASKS))) return undefined;
  const text = navigator.onLine ? 'The service cannot be reached.' : 'You are offline.';
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Account · Tasks</title>
<style>body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }</style>
<h1>Account</h1>
<p>${text} The account page needs a connection. Check it, then reload this page.</p>
<p><a href="${TASKS}">Your tasks</a></p>
</html>`;
  return new Response(html, { status: 503, headers: { 'Content-Type': 'text/html' } });
}
