const LOCALHOST = 'localhost';
const LOCAL_ADDRESS = '127.0.0.1';

/**
 * Whether a host is this machine, whose traffic no network sees.
 *
 * @param hostname as `URL` has it: an IPv6 address in brackets
 */
export function isLoopback(hostname: string): boolean {
  return hostname === LOCALHOST || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** An origin in both spellings, where it is `localhost` or `127.0.0.1`: people type either. */
export function spellingsOf(origin: string): string[] {
  const { hostname } = new URL(origin);
  if (hostname === LOCALHOST) return [origin, origin.replace(LOCALHOST, LOCAL_ADDRESS)];
  if (hostname === LOCAL_ADDRESS) return [origin, origin.replace(LOCAL_ADDRESS, LOCALHOST)];
  return [origin];
}
