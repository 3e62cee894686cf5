/** Breaking changes that Redocly's own rules do not find. ../diff.yaml has the rating of every change. */

import { ofRevision, type Change, type DiffContext } from './change.ts';

/** The operation lost its own `security` that allowed requests without a token, so the contract's applies now. */
export function authenticationRequired() {
  return {
    SecurityRequirementList(change: Change, { report }: DiffContext): void {
      if (change.kind === 'removed' && allowsAnonymous(change.base?.value))
        if (!allowsAnonymous(ofRevision(change, 'security')))
          report({ message: 'Authentication became required.' });
    },
  };
}

function allowsAnonymous(security: unknown): boolean {
  if (!Array.isArray(security) || security.length === 0) return true;
  return security.some((scheme: object) => Object.keys(scheme).length === 0);
}

/** A request that omits the value now means something else. */
export function defaultChanged() {
  return {
    Schema(change: Change, { report, getDirections }: DiffContext): void {
      if (change.property !== 'default' || !getDirections().includes('request')) return;
      const [before, after] = [change.base, change.revision].map((it) => JSON.stringify(it?.value));
      report({ message: `The default changed from ${before ?? 'none'} to ${after ?? 'none'}.` });
    },
  };
}

/** A response header that clients rely on became optional. */
export function responseHeaderOptional() {
  return {
    Header(change: Change, { report }: DiffContext): void {
      if (change.property === 'required' && change.base?.value === true)
        report({ message: 'The response header became optional.' });
    },
  };
}
