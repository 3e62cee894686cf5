import { resolve } from 'node:path';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
  skipLibCheck: true,
};

/** A language service, as editors use it, for a file with this source in tests/. The file does not exist on disk. */
export function openEditor(source: string) {
  const file = resolve('tests/not-on-disk.ts');
  const textOf = (name: string) => (name === file ? source : ts.sys.readFile(name));
  const service = ts.createLanguageService({
    getCompilationSettings: () => OPTIONS,
    getCurrentDirectory: () => process.cwd(),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const text = textOf(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    fileExists: (name) => ts.sys.fileExists(name),
    readFile: textOf,
  });
  return {
    /** The documentation of the symbol at a position. */
    documentationAt(position: number): string {
      const { documentation } = service.getQuickInfoAtPosition(file, position) ?? {};
      return ts.displayPartsToString(documentation);
    },
    /** The messages of the compiler. */
    errors(): string[] {
      const found = [
        ...service.getSyntacticDiagnostics(file),
        ...service.getSemanticDiagnostics(file),
      ];
      return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  };
}
