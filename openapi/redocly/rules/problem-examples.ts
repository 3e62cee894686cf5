import type { Context, Reference } from './context.ts';

interface Root {
  readonly info: { readonly description?: string };
}
interface Response {
  readonly content?: Readonly<
    Record<string, { readonly examples?: Readonly<Record<string, Example | Reference>> }>
  >;
}
interface Example {
  readonly value?: { readonly code?: string };
}
interface Operation {
  readonly parameters?: readonly (Reference | { readonly name: string })[];
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

/** Codes that only an operation with this parameter can return. */
const parametersOfCodes: Readonly<Record<string, string>> = {
  'invalid-cursor': 'cursor',
  'idempotency-key-reused': 'Idempotency-Key',
};

/** A lint rule: every error response has an example of each code that the contract's error table lists for its status. */
export function problemExamples() {
  let codes: readonly { status: string; code: string }[] = [];
  return {
    Root(root: Root): void {
      const rows = (root.info.description ?? '').matchAll(/^\| (\d+) \| `([a-z-]+)` \|/gm);
      codes = [...rows].map(([, status = '', code = '']) => ({ status, code }));
    },
    Operation(operation: Operation, { report, resolve, location }: Context): void {
      const names = (operation.parameters ?? []).map(
        (parameter) => resolve<{ name: string }>(parameter).node.name,
      );
      const possible = codes.filter(({ code }) => {
        const needed = parametersOfCodes[code];
        return needed === undefined || names.includes(needed);
      });
      for (const [status, response] of Object.entries(operation.responses)) {
        if (status < '400') continue;
        const { content } = resolve<Response>(response).node;
        const examples = Object.values(content?.['application/problem+json']?.examples ?? {});
        const documented = examples.map((it) => resolve<Example>(it).node.value?.code);
        const at = location.child(['responses', status]).key();
        for (const { code } of possible.filter((row) => row.status === status)) {
          if (!documented.includes(code))
            report({ message: `The response has no example of \`${code}\`.`, location: at });
        }
        for (const code of documented) {
          if (!possible.some((row) => row.status === status && row.code === code))
            report({
              message: `\`${String(code)}\` is not a code of status ${status}.`,
              location: at,
            });
        }
      }
    },
  };
}
