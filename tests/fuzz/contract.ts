import { createBackend } from '../../src/http/backend.ts';
import { handlers } from '../../src/operations/index.ts';
import {
  operations as documentedOperations,
  type Operation as DocumentedOperation,
} from '../support/operations.ts';

/** A JSON schema of the contract, with all references resolved. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: string | number;
}
export interface RequestBody {
  readonly required: boolean;
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
}
/** An operation with all that a request of it can have. */
export interface Operation extends DocumentedOperation {
  readonly inputs: readonly Parameter[];
  readonly requestBody: RequestBody | undefined;
}

const backend = await createBackend(handlers);

/** Every operation of the contract. */
export const operations = documentedOperations.map((operation): Operation => {
  const { parameters = [], requestBody } = backend.getOperation(
    operation.operationId,
  ) as unknown as { parameters?: readonly Parameter[]; requestBody?: RequestBody };
  return { ...operation, inputs: parameters, requestBody };
});

/** The parameters of an operation in one part of the request. */
export function parametersIn(place: Parameter['in'], { inputs }: Operation): readonly Parameter[] {
  return inputs.filter((parameter) => parameter.in === place);
}

const paths = [...new Set(operations.map(({ path }) => path))];

/** The paths of the contract that a request's path, as it is sent, matches. */
export function matchingPaths(sent: string): string[] {
  const given = sent.split('/');
  return paths.filter((path) => {
    const segments = path.split('/');
    return (
      segments.length === given.length &&
      segments.every((segment, index) =>
        segment.startsWith('{') ? given[index] !== '' : segment === given[index],
      )
    );
  });
}

/** The methods of a path of the contract. */
export function methodsOf(path: string): string[] {
  return operations.filter((operation) => operation.path === path).map(({ method }) => method);
}
