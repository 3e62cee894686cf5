import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadContract } from '../../src/contract.ts';
import { expectBuiltClient } from '../support/built-client.ts';
import { openEditor } from '../support/editor.ts';

expectBuiltClient();

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
}
const paths = (loadContract().paths ?? {}) as Record<string, Record<string, Operation>>;
const operations = Object.values(paths).flatMap((path) =>
  Object.values(path).filter((operation) => 'operationId' in operation),
);

const source = `
import { createTasksClient } from '@tasks-api/client';
const tasks = createTasksClient({ baseUrl: '', token: () => '' });
${operations.map(({ operationId }) => `void tasks.${operationId};`).join('\n')}
`;
const editor = openEditor(source);

test.each(operations)('the editor shows the documentation of $operationId', (operation) => {
  const { operationId, summary, description } = operation;
  const position = source.indexOf(`tasks.${operationId};`) + 'tasks.'.length;
  const shown = editor.documentationAt(position);
  expect(shown).toContain(summary);
  expect(shown).toContain(description.trim());
});

/** Declarations that the examples assume. */
const given = `
import type { TasksClient, Task, Versioned } from '@tasks-api/client';

declare const tasks: TasksClient;
declare const task: Versioned<Task>;
declare const session: { readonly token: string };
declare const title: string;
declare const console: Console;
`;
const examples = ['README.md', 'sdk/README.md'].flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
    ([, code = ''], index) => [file, index + 1, code] as const,
  ),
);

test.each(examples)('%s: example %d compiles', (_file, _number, code) => {
  // Some examples declare one of these themselves.
  const missing = given
    .split('\n')
    .filter((line) => {
      const [, name] = /declare const (\w+)/.exec(line) ?? [];
      return name === undefined || !code.includes(`const ${name} `);
    })
    .join('\n');
  expect(openEditor(`${missing}\n${code}`).errors()).toEqual([]);
});
