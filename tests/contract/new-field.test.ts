import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';
import { all, append, contractWith, set } from '../support/contract-copy.ts';

/**
 * The places that have to know a field of a task: the file and the declaration in which the compiler reports an error when
 * the contract has a field that the code does not know.
 */
const places: Record<string, string[]> = {
  'src/operations/current-user.ts': ['exportCurrentUser'],
  'src/tasks/columns.ts': ['columnTypes'],
  'src/tasks/task.ts': ['fieldsOf', 'taskRow', 'toTask'],
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

test('a new field in the contract is a compile error in every place that has to know it', async () => {
  for (const path of ['src', 'package.json', 'tsconfig.json']) {
    cpSync(path, join(copy, path), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, 'generated'));
  // As `npm run generate` does, without the check of the examples, which lack the new field.
  const types = await openapiTS(contractWith(withDueDate), { defaultNonNullable: false });
  writeFileSync(join(copy, 'generated/types.ts'), astToString(types));
  expect(errorPlaces('tsconfig.json', 'src')).toEqual(places);
});

/** Compiles a folder of the copy, and returns the declarations that have errors, by file. */
function errorPlaces(configFile: string, folder: string): Record<string, string[]> {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const config = ts.getParsedCommandLineOfConfigFile(join(copy, configFile), {}, host);
  if (!config) throw new Error(`cannot read ${configFile}`);
  const sources = config.fileNames.filter((file) => file.startsWith(join(copy, folder)));
  const program = ts.createProgram(sources, config.options);
  const declarations = new Map<string, Set<string>>();
  for (const { file, start = 0 } of program.getSemanticDiagnostics()) {
    const path = file ? relative(copy, file.fileName) : '';
    const inFile = declarations.get(path) ?? new Set();
    declarations.set(path, inFile.add(file ? declarationAt(file, start) : ''));
  }
  return Object.fromEntries(
    [...declarations].map(([path, names]) => [path, [...names].toSorted()]),
  );
}

/** The name of the top-level declaration at a position of a file. */
function declarationAt(file: ts.SourceFile, position: number): string {
  const statement = file.statements.find(({ end }) => position < end);
  if (statement && ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText(file)).join();
  }
  if (statement && ts.isFunctionDeclaration(statement)) return statement.name?.text ?? '';
  return statement?.getText(file).split('\n', 1)[0] ?? '';
}
