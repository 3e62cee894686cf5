import { findProgram, type ReverseProxy, startReverseProxy } from './reverse-proxy.ts';

/** The path of nginx; undefined if it is not installed. */
export const nginxPath = findProgram('nginx');

/**
 * Starts nginx as a reverse proxy of services. It compresses JSON, and never takes a service for unavailable (`max_fails=0`).
 *
 * @param keepAlive whether it keeps connections to the services open, which it does not by default
 */
export function startNginx(targets: readonly string[], keepAlive = false): Promise<ReverseProxy> {
  const servers = targets.map((target) => `server ${new URL(target).host} max_fails=0;`);
  const configurationFor = (port: number) => `
    daemon off;
    master_process off;
    pid nginx.pid;
    error_log stderr crit;
    events {}
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      gzip on;
      gzip_min_length 1;
      gzip_proxied any;
      gzip_types application/json;
      upstream services {
        ${servers.join('\n')}
        ${keepAlive ? 'keepalive 16;' : ''}
      }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://services;
          ${keepAlive ? 'proxy_http_version 1.1; proxy_set_header Connection "";' : ''}
        }
      }
    }`;
  const argumentsFor = (directory: string, file: string) => ['-p', directory, '-c', file];
  return startReverseProxy(nginxPath ?? 'nginx', configurationFor, argumentsFor);
}
