import type { Schema } from './long-response.ts';

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly allowEmptyValue?: boolean;
  readonly allowReserved?: boolean;
  readonly schema?: { readonly type?: unknown; readonly enum?: unknown };
}

/** An operation in the contract, without references. */
export interface OperationObject {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface OperationOf {
  readonly path: string;
  /** In upper case. */
  readonly method: string;
  readonly schema: OperationObject;
}
