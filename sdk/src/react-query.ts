import type {
  DataTag,
  InfiniteData,
  UndefinedInitialDataInfiniteOptions,
  UndefinedInitialDataOptions,
  UseMutationOptions,
} from '@tanstack/react-query';
import * as generated from '../../generated/client/@tanstack/react-query.gen.ts';
import type { operations as Contract } from '../../generated/types.ts';
import type { TasksClient } from './client.ts';
import type { TasksError } from './errors.ts';

type Generated = typeof generated;
type Key<Name extends string> = Name extends keyof Generated ? ReturnType<Generated[Name]> : never;
type Data<Id extends string> = Id extends keyof Contract
  ? Contract[Id]['responses'] extends { 200: { content: { 'application/json': infer Body } } }
    ? Body
    : never
  : never;

type QueryOptions<Body, QueryKey extends readonly unknown[]> = UndefinedInitialDataOptions<
  Body,
  TasksError,
  Body,
  QueryKey
> & { queryKey: DataTag<QueryKey, Body, TasksError> };
type InfiniteOptions<
  Body,
  QueryKey extends readonly unknown[],
> = UndefinedInitialDataInfiniteOptions<
  Body,
  TasksError,
  InfiniteData<Body>,
  QueryKey,
  string | object
> & { queryKey: DataTag<QueryKey, InfiniteData<Body>, TasksError> };
type WithTasksError<Mutation> =
  Mutation extends UseMutationOptions<infer Body, infer _, infer Variables>
    ? UseMutationOptions<Body, TasksError, Variables>
    : never;

/** Options for every query and mutation, and the query keys, named after the operations of the contract. */
export type TasksQueries = {
  readonly [Name in keyof Generated]: Name extends `${infer Id}InfiniteOptions`
    ? (
        ...args: Parameters<Generated[Name]>
      ) => InfiniteOptions<Data<Id>, Key<`${Id}InfiniteQueryKey`>>
    : Name extends `${infer Id}Options`
      ? (...args: Parameters<Generated[Name]>) => QueryOptions<Data<Id>, Key<`${Id}QueryKey`>>
      : Name extends `${string}Mutation`
        ? (...args: Parameters<Generated[Name]>) => WithTasksError<ReturnType<Generated[Name]>>
        : Generated[Name];
};

/** Creates options for TanStack Query that use the given client. The client already retries, so set `retry: false`. */
export function tasksQueries({ http }: TasksClient): TasksQueries {
  const factories = Object.entries(generated as unknown as Record<string, Factory>);
  const bound = factories.map(([name, create]) => {
    const single: Factory = (options) => create({ client: http, ...options });
    const paged: Factory = (options) => ({ ...single(options), ...pagination });
    return [name, name.endsWith('InfiniteOptions') ? paged : single];
  });
  return Object.fromEntries(bound) as TasksQueries;
}

type Factory = (options?: object) => object;

const pagination = {
  initialPageParam: {},
  getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor,
};
