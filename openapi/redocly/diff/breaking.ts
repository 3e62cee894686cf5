import { ofRevision, type Change, type DiffContext } from './change.ts';

/** A request without a token was welcome, and is not any more: the operation had its own `security`, and lost it. */
export function authenticationRequired() {
  return {
    SecurityRequirementList(change: Change, { report }: DiffContext): void {
      if (change.kind === 'removed' && isOpen(change.base?.value))
        if (!isOpen(ofRevision(change, 'security')))
          report({ message: 'Authentication became required.' });
    },
  };
}

function isOpen(security: unknown): boolean {
  if (!Array.isArray(security) || security.length === 0) return true;
  return security.some((scheme: object) => Object.keys(scheme).length === 0);
}

/** A request that leaves something out means something else than before. */
export function defaultChanged() {
  return {
    Schema(change: Change, { report, getDirections }: DiffContext): void {
      if (change.property !== 'default' || !getDirections().includes('request')) return;
      const [before, after] = [change.base, change.revision].map((it) => JSON.stringify(it?.value));
      report({ message: `The default changed from ${before ?? 'none'} to ${after ?? 'none'}.` });
    },
  };
}

/** A client cannot count on a header that it could count on. */
export function responseHeaderOptional() {
  return {
    Header(change: Change, { report }: DiffContext): void {
      if (change.property === 'required' && change.base?.value === true)
        report({ message: 'The response header became optional.' });
    },
  };
}
