import type { OperationId } from '../../src/contract.ts';
import { indexContract } from '../../src/validation/contract-index.ts';

/** A JSON schema. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string | number;
}

/** A body in one media type. */
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

interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, Content>>;
}

/** An operation of the contract, with its references resolved. */
export interface Operation {
  readonly operationId: OperationId;
  readonly method: string;
  /** The path template, with parameters in braces. */
  readonly path: string;
  /** Whether it requires a token. */
  readonly secured: boolean;
  readonly parameters: readonly Parameter[];
  readonly requestBody: RequestBody | undefined;
  /** A valid body, the first example in the contract; undefined if the operation has no body. */
  readonly body: object | undefined;
  /** The documented responses by status, in ascending order. */
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
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

const contractIndex = await indexContract();

/** The operations of the contract, in the order of the contract. */
export const operations = (contractIndex.getOperations() as unknown as ResolvedOperation[]).map(
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

/** @throws if the contract has no such operation */
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

/** The path of an operation with these values of its parameters, percent-encoded. */
export function pathOf({ path }: Operation, user: string, id: string): string {
  return path.replace('{user_id}', encodeURIComponent(user)).replace('{id}', id);
}
