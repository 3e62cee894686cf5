import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import ts from 'typescript';

interface Source {
  readonly file: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const sources: Source[] = globSync('src/**/*.ts')
  .toSorted()
  .map((file) => {
    const text = readFileSync(file, 'utf8');
    return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
  });
const within = (...folders: string[]) =>
  sources.filter(({ file }) => folders.some((folder) => file.startsWith(folder)));

/** All nodes of a file. */
function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

/** What a file imports, types included. */
function importsOf({ tree }: Source): string[] {
  return tree.statements
    .filter((statement) => ts.isImportDeclaration(statement))
    .map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text);
}

test('there is something to look at', () => {
  expect(sources.length).toBeGreaterThan(30);
});

test.each(within('src/operations/', 'src/tasks/', 'src/users/'))(
  '$file does not depend on HTTP',
  (source) => {
    for (const name of importsOf(source)) {
      expect(name).not.toMatch(/^(express|openapi-backend|node:http)/);
      expect(name).not.toContain('/http/');
    }
  },
);

test.each(sources.filter(({ file }) => file !== 'src/config.ts'))(
  '$file does not read the environment',
  ({ tree }) => {
    const reads = [...nodesOf(tree)].filter(
      (node) =>
        (ts.isPropertyAccessExpression(node) && /^process\s*\??\.\s*env$/.test(node.getText())) ||
        (ts.isElementAccessExpression(node) && node.expression.getText() === 'process') ||
        (ts.isImportDeclaration(node) && node.getText().includes("'node:process'")),
    );
    expect(reads.map((node) => node.getText())).toEqual([]);
  },
);

test.each(sources)('$file has a screenful or two, and 300 lines at most', ({ text }) => {
  expect(text.split('\n').length).toBeLessThanOrEqual(300);
});

describe('statements', () => {
  const files = within(
    'src/tasks/statements.ts',
    'src/users/statements.ts',
    'src/idempotency/statements.ts',
  );
  const exported = files
    .flatMap<ts.Statement>(({ tree }) => [...tree.statements])
    .filter(ts.isFunctionDeclaration)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map(({ name, parameters }) => ({ name: name?.text, first: parameters[0]?.type?.getText() }));

  test.each(exported.filter(({ name }) => name !== 'pruneIdempotencyKeys'))(
    '$name is about a user',
    ({ first }) => {
      expect(first).toMatch(/^(UserId|Caller)$/);
    },
  );

  test('only the prune is about nobody', () => {
    expect(exported.length).toBeGreaterThanOrEqual(12);
    expect(exported).toContainEqual({ name: 'pruneIdempotencyKeys', first: undefined });
  });

  test.each(
    within('src/').filter(
      ({ file }) => !/^src\/(\w+\/(statements|columns|insert-user)|db\/)/.test(file),
    ),
  )('$file has no SQL of its own', (source) => {
    expect(importsOf(source)).not.toContain('slonik');
  });
});
