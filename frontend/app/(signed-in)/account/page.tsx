import type { Metadata } from 'next';
import { Appearance } from '../../components/account/appearance.tsx';
import { ChangePassword } from '../../components/account/change-password.tsx';
import { DeleteAccount } from '../../components/account/delete-account.tsx';
import { DownloadData } from '../../components/account/download-data.tsx';
import { Profile } from '../../components/account/profile.tsx';
import { Section } from '../../components/account/section.tsx';
import { Sessions } from '../../components/account/sessions.tsx';
import { sessionsOfUser } from '../../lib/account/sessions-of-user.ts';
import { requireUser } from '../../lib/auth/session.ts';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  const user = await requireUser('/account');
  const sessions = await sessionsOfUser();
  return (
    <div className="flex flex-col gap-6">
      <h1 className="text-2xl font-semibold">Account</h1>
      <Section title="You">
        <Profile user={user} />
      </Section>
      <Section title="Appearance">
        <Appearance />
      </Section>
      <Section title="Password">
        <ChangePassword email={user.email} />
      </Section>
      <Section title="Where you are signed in">
        <Sessions initial={sessions} />
      </Section>
      <Section
        title="Your data"
        lead="Everything that is stored about you, in one file: your account, where you are signed in, and all your tasks."
      >
        <DownloadData />
      </Section>
      <Section
        title="Delete your account"
        lead="Your account and all your tasks are deleted at once, for good."
      >
        <DeleteAccount email={user.email} />
      </Section>
    </div>
  );
}
