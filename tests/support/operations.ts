import type { OperationId } from '../../src/contract.ts';
import { createBackend } from '../../src/http/backend.ts';
import { handlers } from '../../src/operations/index.ts';

interface Examples {
  readonly value: unknown;
}

export interface Content {
  readonly schema: { readonly type?: string };
  readonly examples?: Readonly<Record<string, Examples>>;
}

interface DocumentedReply {
  readonly headers?: Readonly<Record<string, Content & { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, Content>>;
}

/** An operation of the contract, with its references resolved. */
export interface Operation {
  readonly operationId: OperationId;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** Whether it demands a token. */
  readonly secured: boolean;
  /** The names of its parameters in the query and in headers. */
  readonly parameters: readonly string[];
  /** A valid body where there may be one: the contract's first example. */
  readonly body: unknown;
  /** What it answers, by status, the lowest first. */
  readonly replies: Readonly<Record<string, DocumentedReply>>;
}

interface ResolvedOperation {
  readonly operationId: OperationId;
  readonly method: string;
  readonly path: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, DocumentedReply>>;
}

const backend = await createBackend(handlers);

/** Every operation of the contract, in its order. */
export const operations = (backend.getOperations() as unknown as ResolvedOperation[]).map(
  ({ operationId, method, path, security, parameters = [], requestBody, responses }): Operation => {
    const [content] = Object.values(requestBody?.content ?? {});
    const [example] = Object.values(content?.examples ?? {});
    return {
      operationId,
      method: method.toUpperCase(),
      path,
      secured: security?.length !== 0,
      parameters: parameters.map(({ name }) => name),
      body: example?.value,
      replies: responses,
    };
  },
);

/** The path of an operation on a user's task, as it is sent. */
export function pathOf({ path }: Operation, user: string, id: string): string {
  return path.replace('{user_id}', encodeURIComponent(user)).replace('{id}', id);
}
