import type { Request, RequestHandler } from 'express';
import './request.ts';

/** A path without empty segments: `//host` would be another host. */
const PREFIX = /^(\/[\w\-.~%]+)+\/?$/;

/**
 * Sets `request.publicPrefix`: the path in front of the service's own paths, in the URLs that clients use. It is that of
 * `publicUrl`; without one, that of the header `X-Forwarded-Prefix`, if Express trusts the proxy.
 */
export function setPublicPrefix(publicUrl: string | undefined): RequestHandler {
  const configured = publicUrl && withoutSlash(new URL(publicUrl).pathname);
  return (request, _response, next) => {
    request.publicPrefix = configured ?? forwardedPrefix(request);
    next();
  };
}

function forwardedPrefix({ headers, app, socket }: Request): string {
  const prefix = headers['x-forwarded-prefix'];
  if (typeof prefix !== 'string' || !PREFIX.test(prefix)) return '';
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return isTrusted(socket.remoteAddress ?? '', 0) ? withoutSlash(prefix) : '';
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
