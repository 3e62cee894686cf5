import { isIPv4, isIPv6 } from 'node:net';

/**
 * The network that limits count as one client: the address itself for IPv4, and its first 64 bits for IPv6, because one
 * client can have a whole /64 network (RFC 6177).
 *
 * @param address undefined for a connection that is already closed
 * @returns `unknown` if it is not an IP address
 */
export function clientNetwork(address = ''): string {
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
