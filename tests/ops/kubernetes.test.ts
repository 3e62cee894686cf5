import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
}

const FOLDER = 'ops/kubernetes';
const manifest = (file: string) => readFileSync(`${FOLDER}/${file}`, 'utf8');
const kustomization = parse(manifest('kustomization.yaml')) as { resources: readonly string[] };
const files = [...kustomization.resources, 'secret.example.yaml'];

/** The errors of the compiler for resources as constants of the types that are generated from the OpenAPI document of Kubernetes. */
function typeErrors(resources: readonly Resource[]): string[] {
  const file = resolve('tests/ops/resources.ts');
  const source = resources
    .map((resource, index) => {
      const { apiVersion, kind } = resource;
      const from = `kubernetes-models/${apiVersion}/${kind}`;
      return `import type { I${kind} as Type${index} } from '${from}';\nexport const resource${index}: Type${index} = ${JSON.stringify(resource)};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target) =>
    name === file ? ts.createSourceFile(name, source, target) : getSourceFile(name, target);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const read = (text: string) =>
  parseAllDocuments(text).map((document) => document.toJS() as Resource);

test('the manifests are valid', () => {
  expect(typeErrors(files.flatMap((file) => read(manifest(file))))).toEqual([]);
});

test('unknown fields and wrong types are found', () => {
  const deployment = manifest('deployment.yaml');
  const wrong = [
    ['readOnlyRootFilesystem', 'readOnlyRootFileSystem'],
    ['maxSurge: 1', 'maxSurge: [1]'],
    ['failureThreshold: 2', 'failureThreshold: 2s'],
  ] as const;
  const resources = wrong.flatMap(([from, to]) => read(deployment.replace(from, to)));
  expect(typeErrors(resources)).toEqual([
    expect.stringContaining('readOnlyRootFileSystem'),
    expect.stringContaining("Type 'number[]' is not assignable"),
    expect.stringContaining("Type 'string' is not assignable"),
  ]);
});

test('the probes are paths of the contract, and the ports those of the settings', () => {
  const deployment = manifest('deployment.yaml');
  const paths = [...deployment.matchAll(/path: (\S+)/g)].map(([, path]) => path);
  const contract = parse(readFileSync('openapi/tasks.yaml', 'utf8')) as { paths: object };
  expect(paths).toHaveLength(3);
  for (const path of paths) expect(Object.keys(contract.paths)).toContain(path);
  const metricsPort = /METRICS_PORT=(\d+)/.exec(manifest('settings.env'))?.[1] ?? '';
  expect(deployment).toContain(`containerPort: ${metricsPort}`);
});

// Skipped without kubectl, which contains Kustomize.
const hasKubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
test.runIf(hasKubectl)('Kustomize builds valid resources, with one image', () => {
  const text = execFileSync('kubectl', ['kustomize', FOLDER], { encoding: 'utf8' });
  const resources = read(text);
  expect(typeErrors(resources)).toEqual([]);
  expect(resources.map(({ kind }) => kind)).toContain('ConfigMap');
  const images = [...text.matchAll(/image: (\S+)/g)].map(([, image]) => image);
  expect(images).toHaveLength(2);
  expect(new Set(images)).toEqual(new Set([expect.stringMatching(/^tasks-api:\d/)]));
});
