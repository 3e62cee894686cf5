import { readFileSync } from 'node:fs';
import { type ConnectionOptions as TlsOptions, getCACertificates } from 'node:tls';
import { ConfigError } from '../../errors/config-error.ts';
import { codeOf } from '../error-code.ts';

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

type SslMode = (typeof MODES)[number];

export interface TlsSettings {
  mode: SslMode;
  /** Starts TLS immediately, without PostgreSQL's SSLRequest. */
  direct: boolean;
  options: TlsOptions;
}

/**
 * The supported parameters, and those that can be ignored without weakening the connection. Any other parameter that could
 * be about security is rejected, because ignoring it could.
 */
const SUPPORTED = new Set([
  ...['ssl', 'tls', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'sslnegotiation'],
  ...['channel_binding', 'gssencmode', 'gsslib', 'gssdelegation', 'krbsrvname'],
  ...['sslsni', 'sslcompression', 'uselibpqcompat', 'password'],
]);
const SECURITY_PARAMETER =
  /ssl|tls|cert|key|crypt|cipher|secur|verif|trust|auth|channel|peer|gss|krb|pass|protocol|plain|^(root_?)?cas?$|crl|^hostaddr$|^service/i;

/** The parameters of other drivers for `sslmode`, and their values. */
const ALIASES = ['ssl', 'tls'];
const ON = /^(true|1|on|yes)$/i;
const OFF = /^(false|0|off|no)$/i;

/**
 * Parses the TLS parameters of a connection URL, with libpq's semantics. `require` encrypts without verifying the
 * certificate, but with `sslrootcert` every mode verifies the issuer. `verify-full` without `sslrootcert` trusts the public
 * certificate authorities. `ssl` and `tls` of other drivers stand for `sslmode`.
 *
 * @see https://www.postgresql.org/docs/current/libpq-ssl.html
 * @throws {ConfigError} beginning with `DATABASE_URL: `
 */
export function tlsSettings(parameters: URLSearchParams): TlsSettings {
  for (const name of parameters.keys()) {
    if (!SECURITY_PARAMETER.test(name)) continue;
    if (!SUPPORTED.has(name)) invalid(`${name} is not supported; for TLS, use sslmode`);
    if (parameters.getAll(name).length > 1) invalid(`${name} is given several times`);
  }
  if (parameters.get('gssencmode') === 'require') invalid('gssencmode=require is not supported');
  // Without the semantics of libpq, node-postgres would verify the certificate.
  const compatible = parameters.get('uselibpqcompat') ?? 'true';
  if (compatible !== 'true')
    invalid('uselibpqcompat must be true; to verify, use sslmode=verify-full');

  const rootCertificate = parameters.get('sslrootcert') ?? undefined;
  const mode = sslMode(parameters, rootCertificate);
  if (mode === 'verify-ca' && !rootCertificate) invalid('sslmode=verify-ca requires sslrootcert');

  const negotiation = parameters.get('sslnegotiation') ?? 'postgres';
  const direct = negotiation === 'direct';
  if (!direct && negotiation !== 'postgres') invalid('sslnegotiation must be postgres or direct');
  if (direct && !/^(require|verify-.*)$/.test(mode)) {
    invalid('sslnegotiation=direct requires sslmode=require or stronger');
  }
  return { mode, direct, options: tlsOptions(mode, rootCertificate, parameters) };
}

function sslMode(parameters: URLSearchParams, rootCertificate: string | undefined): SslMode {
  const system = rootCertificate === 'system';
  const given = [...new Set(['sslmode', ...ALIASES].flatMap((name) => modeOf(name, parameters)))];
  if (given.length > 1) invalid(`${given.join(' and ')} contradict each other; use sslmode alone`);
  const mode = given[0] ?? (system ? 'verify-full' : 'prefer');
  // Anyone can get a certificate from a public authority, so the host name must be verified as well.
  if (system && mode !== 'verify-full')
    return invalid('sslrootcert=system requires sslmode=verify-full');
  return mode;
}

/** The mode that a parameter stands for, if it is given. */
function modeOf(name: string, parameters: URLSearchParams): SslMode[] {
  const value = parameters.get(name);
  if (value === null) return [];
  const mode = MODES.find((known) => known === value);
  if (mode) return [mode];
  if (name !== 'sslmode' && ON.test(value)) return ['require'];
  if (name !== 'sslmode' && OFF.test(value)) return ['disable'];
  return invalid(`${name} must be one of ${MODES.join(', ')}`);
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
