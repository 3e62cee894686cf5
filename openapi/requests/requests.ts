import { indexContract } from '../../src/validation/contract-index.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description?: string;
  readonly example: string | number;
}

/** A request with the first example of its body, for programs that send requests. */
export interface SampleRequest {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly isSecured: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly mediaType: string; readonly json: string } | undefined;
}

interface Documented {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly method: string;
  readonly path: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly examples: Readonly<Record<string, { readonly value: unknown }>> }>
    >;
  };
}

/** A request for every operation of the contract. */
export async function sampleRequests(): Promise<SampleRequest[]> {
  const contractIndex = await indexContract();
  return (contractIndex.getOperations() as unknown as Documented[]).map(
    ({ tags, method, security, parameters = [], requestBody, ...operation }) => {
      const [content] = Object.entries(requestBody?.content ?? {});
      const [example] = Object.values(content?.[1].examples ?? {});
      return {
        ...operation,
        tag: tags[0] ?? '',
        method: method.toUpperCase(),
        isSecured: security?.length !== 0,
        parameters,
        body: content && {
          mediaType: content[0],
          json: JSON.stringify(example?.value, undefined, 2),
        },
      };
    },
  );
}
