import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';

const contract = parseDocument(readFileSync('openapi/tasks.yaml', 'utf8'));

/** Changes a copy of the contract. Paths are the keys from the root, separated by dots. */
export type Edit = (contract: Document) => void;

export const set =
  (path: string, value: unknown): Edit =>
  (contract) => {
    contract.setIn(path.split('.'), contract.createNode(value));
  };
export const append =
  (path: string, value: unknown): Edit =>
  (contract) => {
    contract.addIn(path.split('.'), contract.createNode(value));
  };
export const remove =
  (path: string): Edit =>
  (contract) => {
    if (!contract.deleteIn(path.split('.'))) throw new Error(`the contract has no ${path}`);
  };
export const all =
  (...edits: readonly Edit[]): Edit =>
  (contract) => {
    for (const edit of edits) edit(contract);
  };

/** The text of a copy of the contract with an edit. It is JSON, which is also valid YAML. */
export function contractWith(edit: Edit): string {
  const copy = contract.clone();
  edit(copy);
  return JSON.stringify(copy);
}

/** Creates a directory for copies of the contract, which is removed at the end of its scope. */
export async function copiesDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'contract-'));
  return {
    path,
    /** Writes a file into the directory, and returns the path of the file. */
    async write(name: string, text: string): Promise<string> {
      const file = join(path, name);
      await writeFile(file, text);
      return file;
    },
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true });
    },
  };
}

export interface Output {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const scripts = {
  redocly: 'node_modules/@redocly/cli/bin/cli.js',
  spectral: 'node_modules/@stoplight/spectral-cli/dist/index.js',
};

/** Runs a tool that reads the contract, without telemetry, and waits until it exits. */
export function runTool(tool: keyof typeof scripts, args: readonly string[]): Promise<Output> {
  return runScript(scripts[tool], args);
}

/** Runs a script with Node.js, and waits until it exits. */
export function runScript(
  script: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Output> {
  const env = {
    ...process.env,
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    SCARF_ANALYTICS: 'false',
    ...options.env,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, ...args],
      { ...options, env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, stdout, stderr });
      },
    );
  });
}
