import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** The statements that are not scoped to a user: two delete expired rows, one reads the revocations of all users. */
const SPAN_USERS = ['pruneIdempotencyKeys', 'pruneRevocations', 'revocationsSince'];

/** The exported functions and variables of all `statements.ts`, with their function or expression. */
const exported = globSync('src/*/statements.ts')
  .flatMap((file) => [
    ...ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
      .statements,
  ])
  .filter((node) => ts.isFunctionDeclaration(node) || ts.isVariableStatement(node))
  .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
  .flatMap((node): readonly (ts.FunctionDeclaration | ts.VariableDeclaration)[] =>
    ts.isVariableStatement(node) ? node.declarationList.declarations : [node],
  )
  .map((node) => ({
    name: node.name?.getText() ?? '',
    value: ts.isVariableDeclaration(node) ? node.initializer : node,
  }));

/** The function that takes the arguments of a call: the third argument of `statement(…)`, or the function itself. */
function functionOf(value: ts.Node | undefined): ts.Node | undefined {
  const isStatement =
    value && ts.isCallExpression(value) && value.expression.getText() === 'statement';
  return isStatement ? value.arguments[2] : value;
}

/** The type of the first parameter of a function. */
function firstParameter(value: ts.Node | undefined): string | undefined {
  const declaration = functionOf(value);
  return declaration && ts.isFunctionLike(declaration)
    ? declaration.parameters[0]?.type?.getText()
    : undefined;
}

test.each(exported.filter(({ name }) => !SPAN_USERS.includes(name)))(
  'the first argument of $name is the user',
  ({ value }) => {
    expect(firstParameter(value)).toMatch(/^(UserId|Caller)$/);
  },
);

test.each(SPAN_USERS)('%s spans users', (name) => {
  expect(exported.length).toBeGreaterThanOrEqual(16);
  const statement = exported.find((candidate) => candidate.name === name);
  expect(statement).toBeDefined();
  expect(['UserId', 'Caller']).not.toContain(firstParameter(statement?.value));
});

test('all other statements are defined with `statement`, whose text and values are fixed', () => {
  const others = exported.filter(({ value }) => functionOf(value) === value);
  // `listTasks` selects one of several statements.
  expect(others.map(({ name }) => name).toSorted()).toEqual(['listTasks', ...SPAN_USERS]);
});
