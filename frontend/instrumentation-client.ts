import { isBuiltScript } from './app/lib/security-policy.ts';

interface TrustedTypes {
  createPolicy(
    name: 'default',
    rules: { createScriptURL: (url: string) => string | null },
  ): unknown;
}

// Next.js loads scripts by URL. Under the policy of security-policy.ts, every such URL has to pass this check, and no text can become
// HTML or a script. Browsers without trusted types enforce the rest of that policy.
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => (isBuiltScript(url, location.origin) ? url : null),
});
