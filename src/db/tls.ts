import { readFileSync } from 'node:fs';
import { type ConnectionOptions as TlsOptions, getCACertificates } from 'node:tls';
import { ConfigError } from '../errors/config-error.ts';

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

type SslMode = (typeof MODES)[number];

export interface TlsSettings {
  mode: SslMode;
  /** Start with TLS instead of asking for it first. */
  direct: boolean;
  options: TlsOptions;
}

/** Those that change nothing that we rely on are accepted; others would be a promise we do not keep. */
const KNOWN = new Set(
  'ssl sslmode sslrootcert sslcert sslkey sslpassword sslnegotiation sslsni sslcompression'.split(
    ' ',
  ),
);
const UNSUPPORTED = /^(ssl.*|require_auth|requirepeer)$/;

/**
 * What the parameters of a connection URL ask of TLS, with libpq's meanings. `require` encrypts and does not verify,
 * but any mode verifies the certificate's issuer where `sslrootcert` is given; `verify-full` without it trusts the public issuers.
 *
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html
 * @throws {ConfigError} beginning with `DATABASE_URL: `
 */
export function tlsSettings(parameters: URLSearchParams): TlsSettings {
  for (const name of parameters.keys()) {
    if (UNSUPPORTED.test(name) && !KNOWN.has(name)) refuse(`${name} is not supported`);
  }
  if (parameters.get('gssencmode') === 'require') refuse('gssencmode=require is not supported');

  const rootCertificate = parameters.get('sslrootcert') ?? undefined;
  const mode = sslMode(parameters, rootCertificate);
  if (mode === 'verify-ca' && !rootCertificate) refuse('sslmode=verify-ca needs sslrootcert');

  const direct = parameters.get('sslnegotiation') === 'direct';
  if (direct && !/^(require|verify-.*)$/.test(mode)) {
    refuse('sslnegotiation=direct needs sslmode=require or stronger');
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
  if (!mode) return refuse(`sslmode must be one of ${MODES.join(', ')}`);
  // Anybody can have a certificate from a public issuer.
  if (system && mode !== 'verify-full')
    return refuse('sslrootcert=system needs sslmode=verify-full');
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
  if ((certificate === null) !== (key === null)) refuse('sslcert and sslkey belong together');
  const trusted = rootCertificate ?? (mode === 'verify-full' ? 'system' : undefined);
  return {
    rejectUnauthorized: trusted !== undefined,
    ...(trusted !== undefined && { ca: issuers(trusted) }),
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(certificate && { cert: read('sslcert', certificate) }),
    ...(key && { key: read('sslkey', key) }),
    ...(passphrase && { passphrase }),
  };
}

function issuers(trusted: string): string | string[] {
  if (trusted !== 'system') return read('sslrootcert', trusted);
  // A container often has none of its own.
  return [...getCACertificates('system'), ...getCACertificates('default')];
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return refuse(
      `${name} cannot be read: ${String((error as NodeJS.ErrnoException).code)} ${path}`,
    );
  }
}

function refuse(message: string): never {
  throw new ConfigError(`DATABASE_URL: ${message}`);
}
