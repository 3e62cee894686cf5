import { Logo } from './logo.tsx';
import { NavLink } from './nav-link.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

/** The top of all pages of somebody who is signed in. */
export function AppHeader() {
  return (
    <header className="border-b border-line">
      <div className="mx-auto flex min-h-14 max-w-2xl flex-wrap items-center gap-1 px-3 sm:px-4">
        <Logo />
        <nav aria-label="Pages" className="ms-1 flex">
          <NavLink href="/tasks">Tasks</NavLink>
          <NavLink href="/account">Account</NavLink>
        </nav>
        <div className="ms-auto flex gap-1">
          <ThemeToggle />
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}
