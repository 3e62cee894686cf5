import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ChangePassword } from '../../components/account/change-password.tsx';
import { DeleteAccount } from '../../components/account/delete-account.tsx';
import { DownloadData } from '../../components/account/download-data.tsx';
import { Sessions } from '../../components/account/sessions.tsx';
import { ThemeChoice } from '../../components/shell/theme-controls.tsx';
import { currentUserSessions, requireUser, type SessionUser } from '../../lib/auth/session.ts';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  const user = await requireUser('/account');
  const sessions = await currentUserSessions();
  return (
    <div className="flex flex-col gap-6">
      <h1 className="text-2xl font-semibold">Account</h1>
      <Section id="profile" title="Profile">
        <Profile user={user} />
      </Section>
      <Section id="appearance" title="Appearance">
        <ThemeChoice />
      </Section>
      <Section id="password" title="Password">
        <ChangePassword email={user.email} />
      </Section>
      <Section id="sessions" title="Active sessions">
        <Sessions initial={sessions} />
      </Section>
      <Section
        id="data"
        title="Your data"
        lead="Download everything that is stored about you in one file: your account, your sessions and all your tasks."
      >
        <DownloadData />
      </Section>
      <Section
        id="delete"
        title="Delete account"
        lead="Your account and all your tasks will be deleted immediately and permanently."
      >
        <DeleteAccount email={user.email} />
      </Section>
    </div>
  );
}

function Section({
  id,
  title,
  lead,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4 card">
      <div>
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        {lead && <p className="mt-1 text-pretty text-muted">{lead}</p>}
      </div>
      {children}
    </section>
  );
}

function Profile({ user }: { readonly user: SessionUser }) {
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
