import { networkInterfaces } from 'node:os';
import { isLoopback } from './loopback.ts';
import type { Environment } from './parse-settings.ts';
import { secretFlaw } from './secret-flaw.ts';

/**
 * The additional requirements of production.
 *
 * @param jwksUrl the URL of the JWKS; undefined if there is none
 * @returns a line per error, with what to set
 */
export function productionErrors(given: Environment, jwksUrl: string | undefined): string[] {
  const { BETTER_AUTH_SECRET: secret, BETTER_AUTH_URL: authUrl } = given;
  const flaw = secret === undefined ? undefined : secretFlaw(secret);
  const errors: (string | false | undefined)[] = [
    flaw && `BETTER_AUTH_SECRET: ${flaw}`,
    !secret &&
      !jwksUrl &&
      'BETTER_AUTH_SECRET: set it or BETTER_AUTH_URL; one of them is required to verify tokens',
    jwksUrl &&
      isExposed(jwksUrl) &&
      `BETTER_AUTH_JWKS_URL: keys that are fetched over http can be tampered with in transit; set BETTER_AUTH_JWKS_URL=${jwksUrl.replace(/^http:/i, 'https:')}`,
    // Without BETTER_AUTH_URL, there is no default.
    (secret ?? (jwksUrl && !authUrl)) &&
      !given['JWT_AUDIENCE'] &&
      `JWT_AUDIENCE: required in production, so that tokens for other services are rejected; set JWT_AUDIENCE=${originOf(authUrl) ?? 'https://app.example.com'}, or JWT_AUDIENCE=any to accept tokens of every audience`,
    !given['DATABASE_URL'] &&
      'DATABASE_URL: required in production, such as postgres://user:password@host:5432/database',
    !given['CORS_ORIGINS'] &&
      `CORS_ORIGINS: required in production; set CORS_ORIGINS=${originOf(authUrl) ?? 'https://app.example.com'}, or CORS_ORIGINS=none if no page of another origin calls the service`,
  ];
  return errors.filter((error) => typeof error === 'string');
}

/** Whether the traffic of a URL leaves this machine without encryption. */
function isExposed(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  const ownAddresses = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => address),
  );
  return (
    protocol === 'http:' &&
    !isLoopback(hostname) &&
    !ownAddresses.includes(hostname.replace(/^\[|\]$/g, ''))
  );
}

function originOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}
