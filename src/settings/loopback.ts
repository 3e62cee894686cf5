const LOCALHOST = 'localhost';
const LOOPBACK_ADDRESS = '127.0.0.1';

/**
 * Whether a host is a loopback address, whose traffic does not leave this machine.
 *
 * @param hostname in the form of `URL.hostname`, with an IPv6 address in brackets
 */
export function isLoopback(hostname: string): boolean {
  return hostname === LOCALHOST || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** An origin and its aliases: `localhost` and `127.0.0.1` are the same host, and users type either. */
export function loopbackAliases(origin: string): string[] {
  const { hostname } = new URL(origin);
  if (hostname === LOCALHOST) return [origin, origin.replace(LOCALHOST, LOOPBACK_ADDRESS)];
  if (hostname === LOOPBACK_ADDRESS) return [origin, origin.replace(LOOPBACK_ADDRESS, LOCALHOST)];
  return [origin];
}
