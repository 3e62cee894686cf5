import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { loadContract } from '../../src/contract.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
}
const paths = (loadContract().paths ?? {}) as Record<string, Record<string, Operation>>;
const operations = Object.values(paths).flatMap((path) =>
  Object.values(path).filter((operation) => 'operationId' in operation),
);

const FILE = resolve('tests/sdk/hover.ts');
const source = `
import { createTasksClient } from '@tasks-api/client';
const tasks = createTasksClient({ baseUrl: '', token: () => '' });
${operations.map(({ operationId }) => `void tasks.${operationId};`).join('\n')}
`;
const textOf = (name: string) => (name === FILE ? source : ts.sys.readFile(name));
const editor = ts.createLanguageService({
  getCompilationSettings: () => ({
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  }),
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  getScriptFileNames: () => [FILE],
  getScriptVersion: () => '1',
  getScriptSnapshot: (name) => {
    const text = textOf(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  fileExists: (name) => ts.sys.fileExists(name),
  readFile: textOf,
});

test.each(operations)('the editor shows the documentation of $operationId', (operation) => {
  const { operationId, summary, description } = operation;
  const position = source.indexOf(`tasks.${operationId};`) + 'tasks.'.length;
  const { documentation } = editor.getQuickInfoAtPosition(FILE, position) ?? {};
  const shown = ts.displayPartsToString(documentation);
  expect(shown).toContain(summary);
  expect(shown).toContain(description.trim());
});
