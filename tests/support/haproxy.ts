import { findProgram, type ReverseProxy, startReverseProxy } from './reverse-proxy.ts';

/** The path of HAProxy; undefined if it is not installed. */
export const haproxyPath = findProgram('haproxy');

/** Starts HAProxy as a reverse proxy of services. It asks `/readyz` twice a second, and repeats connections that fail elsewhere. */
export function startHaproxy(targets: readonly string[]): Promise<ReverseProxy> {
  const servers = targets.map(
    (target, index) => `server s${index} ${new URL(target).host} check inter 500ms fall 2 rise 1`,
  );
  const configurationFor = (port: number) =>
    [
      'defaults',
      '  mode http',
      '  timeout connect 2s',
      '  timeout check 2s',
      '  timeout client 30s',
      '  timeout server 30s',
      '  option redispatch',
      '  retries 3',
      'frontend clients',
      `  bind 127.0.0.1:${port}`,
      '  default_backend services',
      'backend services',
      '  balance roundrobin',
      '  option httpchk GET /readyz',
      ...servers.map((server) => `  ${server}`),
      '',
    ].join('\n');
  return startReverseProxy(haproxyPath ?? 'haproxy', configurationFor, (_directory, file) => [
    '-db',
    '-f',
    file,
  ]);
}
