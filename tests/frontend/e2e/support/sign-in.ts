import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import { PASSWORD } from './person.ts';

interface Entries {
  readonly name?: string;
  readonly email: string;
  readonly password?: string;
}

/** Fills in the fields of a sign-in or sign-up page. */
export async function fillIn(page: Page, { name, email, password = PASSWORD }: Entries) {
  if (name !== undefined) await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

/** Creates an account on the sign-up page. */
export async function signUp(page: Page, entries: Required<Pick<Entries, 'name' | 'email'>>) {
  await fillIn(page, entries);
  await page.getByRole('button', { name: 'Create account' }).click();
}

/** Signs in on the sign-in page. */
export async function signIn(page: Page, { email, password }: Omit<Entries, 'name'>) {
  await fillIn(page, password === undefined ? { email } : { email, password });
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs out with the button in the header. */
export async function signOut(page: Page) {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in$/);
}

/** Waits until an element has the focus. */
export async function expectFocus(locator: Locator): Promise<void> {
  await eventually(() => locator.evaluate((element) => element === document.activeElement)).toBe(
    true,
  );
}

/** The error message of a field, as screen readers announce it; empty if the field is valid. */
export function fieldError(field: Locator): Promise<string> {
  return field.evaluate((element) => {
    if (element.getAttribute('aria-invalid') !== 'true') return '';
    const ids = (element.getAttribute('aria-describedby') ?? '').split(' ');
    return ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  });
}
