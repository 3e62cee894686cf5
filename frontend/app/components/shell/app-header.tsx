'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { ThemeToggle } from './theme-controls.tsx';

/** The header of the signed-in pages. */
export function AppHeader() {
  return (
    <header className="border-b border-line print:hidden">
      <div className="mx-auto flex min-h-14 max-w-2xl flex-wrap items-center gap-1 px-3 sm:px-4">
        <Logo />
        <nav aria-label="Main" className="ms-1 flex">
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

/** A link of the navigation. It is marked if it leads to the current page. */
function NavLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const isCurrent = usePathname() === href;
  return (
    <Link
      href={href}
      aria-current={isCurrent ? 'page' : undefined}
      className="flex min-h-11 items-center rounded-control px-3 font-medium text-muted transition-colors duration-150 hover:bg-hover hover:text-ink aria-[current]:text-ink aria-[current]:underline aria-[current]:decoration-accent aria-[current]:decoration-2 aria-[current]:underline-offset-8"
    >
      {children}
    </Link>
  );
}
