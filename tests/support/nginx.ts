import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/commands/free-port.ts';

/** The path of nginx; undefined if it is not installed. */
export const nginxPath = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'].find(
  (path) => existsSync(path),
);

/** Starts nginx as a reverse proxy of a service. It compresses JSON. */
export async function startNginx(target: string): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'nginx-'));
  const port = await freePort('port', '0', '127.0.0.1', '');
  const configuration = `
    daemon off;
    master_process off;
    pid nginx.pid;
    error_log stderr;
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
      server {
        listen 127.0.0.1:${port};
        location / { proxy_pass ${target}; }
      }
    }`;
  await writeFile(join(directory, 'nginx.conf'), configuration);
  const child = spawn(nginxPath ?? 'nginx', ['-p', directory, '-c', 'nginx.conf'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  while (child.exitCode === null) {
    const response = await fetch(`${url}/livez`).catch(() => undefined);
    if (response?.ok) break;
  }
  return {
    url,
    async stop() {
      child.kill();
      await exit;
      await rm(directory, { recursive: true });
    },
  };
}
