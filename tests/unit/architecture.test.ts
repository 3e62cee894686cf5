import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** The statement that expires idempotency keys: the only one that is not scoped to a user. */
const SPANS_USERS = 'pruneIdempotencyKeys';

/** The exported functions of all `statements.ts`, with the type of their first parameter. */
const statements = globSync('src/*/statements.ts')
  .flatMap((file) => [
    ...ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
      .statements,
  ])
  .filter((node) => ts.isFunctionDeclaration(node))
  .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
  .map(({ name, parameters }) => ({
    name: name?.text,
    firstParameter: parameters[0]?.type?.getText(),
  }));

test.each(statements.filter(({ name }) => name !== SPANS_USERS))(
  'the first argument of $name is the user',
  ({ firstParameter }) => {
    expect(firstParameter).toMatch(/^(UserId|Caller)$/);
  },
);

test('only the pruning of idempotency keys spans users', () => {
  expect(statements.length).toBeGreaterThanOrEqual(12);
  expect(statements).toContainEqual({ name: SPANS_USERS, firstParameter: undefined });
});
