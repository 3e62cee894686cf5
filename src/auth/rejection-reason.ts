import { errors } from 'jose';

const MAX_CHARACTERS = 200;

const REASONS: Readonly<Record<string, string>> = {
  [errors.JWKSNoMatchingKey.code]: 'unknown kid',
  [errors.JWKSMultipleMatchingKeys.code]: 'kid missing, and several keys match',
  [errors.JWSSignatureVerificationFailed.code]: 'invalid signature',
};

/**
 * Explains to the operator why a token was rejected, such as `iat missing` or `aud is https://other.example`. It contains
 * single values of the token, never the token or a part of its text.
 */
export function rejectionReason(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) return reasonOfClaim(error);
  // Other errors can contain a part of the token's text.
  if (!(error instanceof errors.JOSEError)) return 'not a JWT';
  return REASONS[error.code] ?? error.message.slice(0, MAX_CHARACTERS);
}

function reasonOfClaim({ claim, reason, payload }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `${claim} missing`;
  if (reason === 'invalid') return `${claim} is not a number`;
  if (claim === 'nbf') return 'nbf in the future';
  return `${claim} is ${textOf(payload[claim])}`;
}

/** A value of a token in a form that is readable in a log line. */
export function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.slice(0, MAX_CHARACTERS);
}
