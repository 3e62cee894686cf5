import type { SessionUser } from '../../lib/auth/session.ts';

/** Who is signed in. */
export function Profile({ user }: { readonly user: SessionUser }) {
  return (
    <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[auto_1fr]">
      <dt className="text-muted">Name</dt>
      <dd dir="auto" className="mb-2 min-w-0 font-medium sm:mb-0">
        {user.name}
      </dd>
      <dt className="text-muted">Email</dt>
      <dd dir="auto" className="min-w-0 font-medium">
        {user.email}
      </dd>
    </dl>
  );
}
