import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeReturnPath, signInPath } from '../../../frontend/app/lib/navigation.ts';

const ORIGIN = 'https://app.example.com';

test.each(['/', '/tasks', '/tasks?filter=pending&q=a%20b', '/account#sessions', '/tasks/%C3%BC'])(
  'returns to %s',
  (path) => {
    expect(safeReturnPath(path)).toBe(path);
  },
);

test.each([
  undefined,
  ['/tasks', '/account'],
  '',
  'tasks',
  'https://evil.example',
  'javascript:alert(1)',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\u0000/tasks',
  ' /tasks',
  '/.//evil.example',
  '/tasks/..//evil.example',
  '/tasks/%2e%2e//evil.example',
  '/%2fevil.example',
  '/%5cevil.example',
  '/%255cevil.example',
  '/%09/evil.example',
  '/sign-in?next=/sign-in',
  '/sign-up',
  '/tasks/../sign-in',
  '/api/auth/sign-out',
  `/${'x'.repeat(3000)}`,
])('does not return to %j', (next) => {
  expect(safeReturnPath(next)).toBe('/tasks');
  expect(safeReturnPath(next, '/account')).toBe('/account');
});

/** Random combinations of URL syntax, to find spellings that bypass the check. */
const tricky = fc
  .array(
    fc.oneof(
      fc.constantFrom('/', '\\', '.', '..', '//', ':', '@', '?', '#', '%2f', '%5C', '%2e', '%09'),
      fc.constantFrom('\t', '\n', '\0', ' ', 'evil.example', 'https', 'javascript:', '\ud800'),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''));

test('never returns to another origin, also if a proxy decodes the path', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        tricky,
        tricky.map((text) => `/${text}`),
        fc.webUrl(),
      ),
      (next) => {
        const path = safeReturnPath(next);
        expect(new URL(path, ORIGIN).origin).toBe(ORIGIN);
        expect(new URL(decoded(path), ORIGIN).origin).toBe(ORIGIN);
        expect(path).toMatch(/^\/(?![/\\])/);
        expect(safeReturnPath(path)).toBe(path);
      },
    ),
    { numRuns: 5000 },
  );
});

test('the URL of the sign-in page contains the path to return to', () => {
  fc.assert(
    fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
      const page = safeReturnPath(`/tasks${path}?${query}`);
      const next = new URL(signInPath(page), ORIGIN).searchParams.get('next');
      expect(safeReturnPath(next)).toBe(page);
    }),
  );
});

function decoded(path: string): string {
  const [before = ''] = path.split(/[?#]/);
  try {
    return decodeURIComponent(before);
  } catch {
    return before;
  }
}
