import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import clientConfig from '../../sdk/openapi-ts.config.ts';
import { all, append, contractWith, set } from '../support/contract-copy.ts';

const COMPILER = resolve('node_modules/typescript-7/bin/tsc');
/** An error in the output of the compiler: the file, the line and the column. */
const ERROR = /^(\S+)\((\d+),(\d+)\): error /gm;

/**
 * The declarations that handle each field of a task, by file: the compiler reports an error in each of them if the contract
 * has a field that the code does not handle.
 */
const servicePlaces: Record<string, string[]> = {
  'src/tasks/columns.ts': ['columnTypes'],
  'src/tasks/task.ts': ['fieldsOf', 'taskRow', 'toTask'],
};
const applicationPlaces: Record<string, string[]> = {
  'frontend/app/components/tasks/conflict-dialog.tsx': ['FIELDS'],
  'frontend/app/components/tasks/draft-fields.tsx': ['DETAIL_FIELDS'],
  'frontend/app/components/tasks/task-details.tsx': ['DETAILS'],
  'frontend/app/components/tasks/task-draft.ts': [
    'EMPTY_DRAFT',
    'draftErrors',
    'draftInput',
    'draftOf',
  ],
  'frontend/app/components/tasks/task-row.tsx': ['TASK_FIELDS'],
  'frontend/app/lib/errors/tasks-messages.ts': ['LABELS'],
  'frontend/app/lib/tasks/task-input.ts': ['INPUT_FIELDS', 'inputOf'],
  'frontend/app/lib/tasks/unsent-item.ts': ['readInput'],
};

const dueDate = { type: ['string', 'null'], maxLength: 32, description: 'When it is due.' };
const withDueDate = all(
  ...['Task', 'TaskCreate', 'TaskUpdate'].map((schema) =>
    set(`components.schemas.${schema}.properties.due_date`, dueDate),
  ),
  append('components.schemas.Task.required', 'due_date'),
);

const copy = mkdtempSync(join(tmpdir(), 'new-field-'));
afterAll(() => {
  rmSync(copy, { recursive: true });
});

beforeAll(async () => {
  const built = /(^|\/)(node_modules|\.next[^/]*|dist)(\/|$)/;
  for (const path of ['src', 'sdk', 'frontend', 'package.json', 'tsconfig.json']) {
    cpSync(path, join(copy, path), { recursive: true, filter: (file) => !built.test(file) });
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, 'generated'));
  // Like `npm run generate`, without checking the examples, which lack the new field.
  const contract = contractWith(withDueDate);
  writeFileSync(join(copy, 'generated/types.ts'), astToString(await openapiTS(contract)));
  await createClient({
    ...clientConfig,
    input: JSON.parse(contract) as Record<string, unknown>,
    output: { ...clientConfig.output, path: join(copy, 'generated/client') },
    logs: { file: false, level: 'silent' },
  });
});

describe('a new field in the contract is a compile error in every declaration that must handle it', () => {
  test('in the service', () => {
    expect(errorPlaces('tsconfig.json', ['src'])).toEqual(servicePlaces);
  });

  test('in the application', () => {
    // Uses the sources of the client instead of its build.
    const paths = {
      '@tasks-api/client': [join(copy, 'sdk/src/index.ts')],
      '@tasks-api/client/react-query': [join(copy, 'sdk/src/react-query.ts')],
    };
    const folders = ['frontend/app/components', 'frontend/app/lib'];
    expect(errorPlaces('frontend/tsconfig.json', folders, { paths })).toEqual(applicationPlaces);
  });
});

/** Compiles folders of the copy, and returns the declarations that have errors, by file. */
function errorPlaces(
  extended: string,
  folders: readonly string[],
  compilerOptions: object = {},
): Record<string, string[]> {
  const config = join(copy, dirname(extended), 'new-field.json');
  const include = folders.map((folder) => join(copy, folder));
  writeFileSync(
    config,
    JSON.stringify({ extends: `./${basename(extended)}`, compilerOptions, include }),
  );
  const { stdout } = spawnSync(
    process.execPath,
    [COMPILER, '--singleThreaded', '--project', config],
    {
      cwd: copy,
      encoding: 'utf8',
    },
  );
  const declarations = new Map<string, Set<string>>();
  for (const [, path = '', line, column] of stdout.matchAll(ERROR)) {
    const inFile = declarations.get(path) ?? new Set();
    declarations.set(path, inFile.add(declarationAt(path, Number(line), Number(column))));
  }
  return Object.fromEntries(
    [...declarations].map(([path, names]) => [path, [...names].toSorted()]),
  );
}

/** The name of the top-level declaration at a position of a file of the copy. */
function declarationAt(path: string, line: number, column: number): string {
  const text = readFileSync(join(copy, path), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const position = file.getPositionOfLineAndCharacter(line - 1, column - 1);
  const statement = file.statements.find(({ end }) => position < end);
  if (statement && ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText(file)).join();
  }
  if (statement && ts.isFunctionDeclaration(statement)) return statement.name?.text ?? '';
  return statement?.getText(file).split('\n', 1)[0] ?? '';
}
