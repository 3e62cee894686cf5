/**
 * Loads another page in place of this one, so that nothing of this page's user is left in memory, and there is no way back
 * to a form that has done its work. The promise never resolves: what waits for it stays busy until the page is gone.
 *
 * @param path of this application; one that came in an address only from `safeReturnPath`
 */
export function leavePage(path: string): Promise<never> {
  window.location.replace(path);
  return new Promise(() => undefined);
}
