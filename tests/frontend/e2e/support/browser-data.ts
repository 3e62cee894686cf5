import type { Page } from 'playwright-core';

/** All data that the browser has stored for the origin of a page, as text, including the cookies that scripts can read. */
export function browserData(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const stored = await cache.match(request);
        texts.push(
          request.url,
          request.url.includes('/_next/') ? '' : ((await stored?.text()) ?? ''),
        );
      }
    }
    const resultOf = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(new Error('The request failed', { cause: request.error }));
        };
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await resultOf(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const values = database.transaction(store).objectStore(store).getAll();
        texts.push(JSON.stringify(await resultOf(values)));
      }
      database.close();
    }
    return texts.join('\n');
  });
}

/** Whether the browser has stored a list of tasks. */
export async function hasSavedList(page: Page): Promise<boolean> {
  return (await browserData(page)).includes('"next_cursor":');
}

/** Whether a reload works offline: the list, the page and its scripts are stored, and the service worker runs. */
export async function hasOfflineCopy(page: Page): Promise<boolean> {
  const needed = await page.evaluate(() => [
    new URL('tasks', location.href).href,
    ...Array.from(document.scripts).flatMap(({ src, noModule }) =>
      src === '' || noModule ? [] : src,
    ),
  ]);
  const lines = (await browserData(page)).split('\n');
  const isControlled = await page.evaluate(() => navigator.serviceWorker.controller !== null);
  return isControlled && (await hasSavedList(page)) && needed.every((url) => lines.includes(url));
}
