const BUILT = '/_next/static/';

/**
 * Whether an address is one of a script that was built with this application.
 *
 * @param address absolute, or a path of the page's origin
 * @param origin the page's
 */
export function isBuiltScript(address: string, origin: string): boolean {
  if (!URL.canParse(address, origin)) return false;
  const url = new URL(address, origin);
  return url.origin === origin && url.pathname.startsWith(BUILT);
}
