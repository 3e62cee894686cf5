import { isIPv4, isIPv6 } from 'node:net';

/**
 * The network that limits count as one client: the address itself for IPv4, and its first 64 bits for IPv6, because one
 * client can have a whole /64 network (RFC 6177).
 *
 * @param addressAndPort with or without a port; undefined for a connection that is already closed
 * @returns `unknown` if it is not an IP address
 */
export function clientNetwork(addressAndPort = ''): string {
  const address = withoutPort(addressAndPort);
  const ipv4 = address.replace(/^::ffff:/i, '');
  if (isIPv4(ipv4)) return ipv4;
  if (!isIPv6(address)) return 'unknown';
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':');
    // An embedded IPv4 address stands for two groups, which are not among the first four.
    while (groups.length + last.length < 8) groups.push('0');
    groups.push(...last);
  }
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** An IP address without the port that some proxies add to it in `X-Forwarded-For`, such as `192.0.2.1:1234` and `[2001:db8::1]:1234`. */
export function withoutPort(address: string): string {
  return address.replace(/^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/, '$1$2');
}
