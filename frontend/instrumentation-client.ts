import { isBuiltScript } from './app/lib/built-script.ts';

interface TrustedTypes {
  createPolicy(
    name: 'default',
    rules: { createScriptURL: (address: string) => string | null },
  ): unknown;
}

// Next loads scripts by their addresses. With the policy of security-policy.ts these have to pass here, and no text can
// become HTML or a script at all. Browsers without trusted types have the rest of that policy.
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy('default', {
  createScriptURL: (address) => (isBuiltScript(address, location.origin) ? address : null),
});
