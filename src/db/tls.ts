import { readFileSync } from 'node:fs';
import { type ConnectionOptions as TlsOptions, getCACertificates } from 'node:tls';
import { ConfigError } from '../errors/config-error.ts';
import { codeOf } from './error-code.ts';

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

type SslMode = (typeof MODES)[number];

export interface TlsSettings {
  mode: SslMode;
  /** Starts TLS immediately, without PostgreSQL's SSLRequest. */
  direct: boolean;
  options: TlsOptions;
}

/**
 * The supported parameters, and those that can be ignored without weakening the connection. Any other TLS or
 * authentication parameter is rejected, because ignoring it could.
 */
const SUPPORTED = new Set(
  'ssl sslmode sslrootcert sslcert sslkey sslpassword sslnegotiation sslsni sslcompression'.split(
    ' ',
  ),
);
const SECURITY_PARAMETER = /^(ssl.*|require_auth|requirepeer)$/;

/**
 * Parses the TLS parameters of a connection URL, with libpq's semantics. `require` encrypts without verifying the
 * certificate, but with `sslrootcert` every mode verifies the issuer. `verify-full` without `sslrootcert` trusts the public
 * certificate authorities.
 *
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html
 * @throws {ConfigError} beginning with `DATABASE_URL: `
 */
export function tlsSettings(parameters: URLSearchParams): TlsSettings {
  for (const name of parameters.keys()) {
    if (SECURITY_PARAMETER.test(name) && !SUPPORTED.has(name)) invalid(`${name} is not supported`);
  }
  if (parameters.get('gssencmode') === 'require') invalid('gssencmode=require is not supported');

  const rootCertificate = parameters.get('sslrootcert') ?? undefined;
  const mode = sslMode(parameters, rootCertificate);
  if (mode === 'verify-ca' && !rootCertificate) invalid('sslmode=verify-ca requires sslrootcert');

  const direct = parameters.get('sslnegotiation') === 'direct';
  if (direct && !/^(require|verify-.*)$/.test(mode)) {
    invalid('sslnegotiation=direct requires sslmode=require or stronger');
  }
  return { mode, direct, options: tlsOptions(mode, rootCertificate, parameters) };
}

function sslMode(parameters: URLSearchParams, rootCertificate: string | undefined): SslMode {
  const system = rootCertificate === 'system';
  const given = parameters.get('sslmode');
  if (given === null) {
    if (system) return 'verify-full';
    return parameters.get('ssl') === 'true' ? 'require' : 'prefer';
  }
  const mode = MODES.find((known) => known === given);
  if (!mode) return invalid(`sslmode must be one of ${MODES.join(', ')}`);
  // Anyone can get a certificate from a public authority, so the host name must be verified as well.
  if (system && mode !== 'verify-full')
    return invalid('sslrootcert=system requires sslmode=verify-full');
  return mode;
}

function tlsOptions(
  mode: SslMode,
  rootCertificate: string | undefined,
  parameters: URLSearchParams,
): TlsOptions {
  const certificate = parameters.get('sslcert');
  const key = parameters.get('sslkey');
  const passphrase = parameters.get('sslpassword');
  if ((certificate === null) !== (key === null))
    invalid('sslcert and sslkey must be used together');
  const trusted = rootCertificate ?? (mode === 'verify-full' ? 'system' : undefined);
  return {
    rejectUnauthorized: trusted !== undefined,
    ...(trusted !== undefined && { ca: certificateAuthorities(trusted) }),
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(certificate && { cert: read('sslcert', certificate) }),
    ...(key && { key: read('sslkey', key) }),
    ...(passphrase && { passphrase }),
  };
}

function certificateAuthorities(trusted: string): string | string[] {
  if (trusted !== 'system') return read('sslrootcert', trusted);
  // Containers often have no system certificates; Node.js bundles its own.
  return [...getCACertificates('system'), ...getCACertificates('default')];
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return invalid(`${name} cannot be read: ${codeOf(error)} ${path}`);
  }
}

function invalid(message: string): never {
  throw new ConfigError(`DATABASE_URL: ${message}`);
}
