import type { OperationId } from '../../src/contract.ts';
import { createBackend } from '../../src/http/backend.ts';

/** A JSON schema. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string | number;
}

/** What a body of one media type can be. */
interface Content {
  readonly schema: Schema;
  readonly examples: Readonly<Record<string, { readonly value: object }>>;
}

export interface RequestBody {
  readonly required: boolean;
  readonly content: Readonly<Record<string, Content>>;
}

interface Header {
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example: unknown;
}

interface DocumentedReply {
  readonly headers?: Readonly<Record<string, Header>>;
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
  readonly parameters: readonly Parameter[];
  readonly requestBody: RequestBody | undefined;
  /** A valid body where there may be one: the contract's first example. */
  readonly body: object | undefined;
  /** What it answers, by status, the lowest first. */
  readonly responses: Readonly<Record<string, DocumentedReply>>;
}

interface ResolvedOperation {
  readonly operationId: OperationId;
  readonly method: string;
  readonly path: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Operation['responses'];
}

const backend = await createBackend();

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
      parameters,
      requestBody,
      body: example?.value,
      responses: responses,
    };
  },
);

/** @throws when the contract has no such operation */
export function operationOf(operationId: OperationId): Operation {
  const found = operations.find((operation) => operation.operationId === operationId);
  if (!found) throw new Error(`${operationId} is not in the contract`);
  return found;
}

/** The parameters of an operation in one part of the request. */
export function parametersIn(
  place: Parameter['in'],
  { parameters }: Operation,
): readonly Parameter[] {
  return parameters.filter((parameter) => parameter.in === place);
}

/** The path of an operation on a user's task, as it is sent. */
export function pathOf({ path }: Operation, user: string, id: string): string {
  return path.replace('{user_id}', encodeURIComponent(user)).replace('{id}', id);
}
