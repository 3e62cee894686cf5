import { describe, expect, test } from 'vitest';
import { loadContract, type OperationId, type PublicOperationId } from '../../src/contract.ts';
import { indexContract } from '../../src/validation/contract-index.ts';
import { problemBody } from '../../src/http/problem-response.ts';
import { Problem, type ProblemCode } from '../../src/errors/problem.ts';
import { handlers } from '../../src/operations/index.ts';
import { violation } from '../support/schemas.ts';

interface Examples {
  schema: unknown;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Response {
  headers?: Record<string, Examples>;
  content?: Record<string, Examples>;
}
/** An operation with all references resolved. */
interface Operation {
  operationId: OperationId;
  path: string;
  method: string;
  summary?: string;
  description?: string;
  security?: unknown[];
  parameters?: (Examples & { name: string; in: string })[];
  requestBody?: { required: boolean; content: Record<string, Examples> };
  responses: Record<string, Response>;
}

const contract = loadContract();
const contractIndex = await indexContract();
const operations = contractIndex.getOperations() as unknown as Operation[];
const each = operations.map((operation) => [operation.operationId, operation] as const);

const { schemas } = contract.components as unknown as {
  schemas: { Problem: { properties: { code: { enum: ProblemCode[] } } } };
};
const { enum: codes } = schemas.Problem.properties.code;

test('every operation has a handler, and every handler has an operation', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(ids.toSorted()).toEqual(Object.keys(handlers).toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});

test('operations without authentication are those that the handler types list', () => {
  const types: Record<PublicOperationId, true> = { getLiveness: true, getReadiness: true };
  const open = operations.filter(({ security }) => security?.length === 0);
  expect(open.map(({ operationId }) => operationId).toSorted()).toEqual(
    Object.keys(types).toSorted(),
  );
  expect(contract.security).toEqual([{ bearerAuth: [] }]);
});

test('every shared example is used', () => {
  const text = JSON.stringify(contract.paths) + JSON.stringify(contract.components);
  for (const name of Object.keys(contract.components?.examples ?? {}))
    expect(text).toContain(`"#/components/examples/${name}"`);
});

describe('the error table', () => {
  const table = [
    ...(contract.info.description ?? '').matchAll(/^\| (\d+) \| `([a-z-]+)` \| .+ \|$/gm),
  ].map(([, status, code]) => ({ status: Number(status), code: code as ProblemCode }));

  test('lists all codes of Problem', () => {
    expect(table.map(({ code }) => code)).toEqual(codes);
  });

  test.each(table)('has the status that is sent for $code', ({ status, code }) => {
    expect(problemBody(new Problem(code), 'id').status).toBe(status);
  });
});

/** Each part of the contract that can have examples: its location, and whether examples are optional. */
function exampledParts({ parameters = [], requestBody, responses }: Operation) {
  const contents = (where: string, content: Record<string, Examples> = {}) =>
    Object.entries(content).map(([type, part]) => [`${where} ${type}`, part] as const);
  return [
    ...parameters.map((part) => [`${part.in} ${part.name}`, part] as const),
    ...contents('body', requestBody?.content),
    ...Object.entries(responses).flatMap(([status, { headers = {}, content }]) => [
      ...Object.entries(headers).map(([name, part]) => [`${status} ${name}`, part] as const),
      ...contents(status, content),
    ]),
  ];
}

const valuesOf = ({ example, examples = {} }: Examples) => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
];

describe.each(each)('%s', (_id, operation) => {
  test('has a summary and a description', () => {
    expect(operation.summary).toMatch(/\S/);
    expect(operation.description).toMatch(/\S/);
  });

  test('has valid examples', () => {
    for (const [where, part] of exampledParts(operation)) {
      const values = valuesOf(part);
      expect(values.length, where).toBeGreaterThan(0);
      for (const value of values) {
        expect(violation(part.schema, value), `${where}: ${JSON.stringify(value)}`).toBeUndefined();
      }
    }
  });

  test('has problem examples as the service sends them', () => {
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      for (const value of valuesOf(content['application/problem+json'] ?? { schema: {} })) {
        const { code, detail, errors, request_id } = value as ReturnType<typeof problemBody>;
        const sent = problemBody(
          new Problem(code, { detail, ...(errors && { errors }) }),
          request_id,
        );
        expect(value).toEqual(sent);
        expect(String(sent.status)).toBe(status);
      }
    }
  });

  test('documents its errors', () => {
    const { parameters = [], requestBody, responses, security, path } = operation;
    const has = (name: string) => parameters.some((parameter) => parameter.name === name);
    const expected = [
      '400',
      ...(security?.length === 0 ? [] : ['401']),
      ...(path.includes('{user_id}') ? ['403'] : []),
      ...(path.includes('{id}') ? ['404'] : []),
      ...(has('If-Match') ? ['412'] : []),
      ...(requestBody ? ['413', '415'] : []),
      '422',
      ...(security?.length === 0 ? [] : ['429']),
      '500',
      '503',
    ];
    expect(Object.keys(responses).filter((status) => status >= '400')).toEqual(expected);
  });

  test('documents the headers of every response', () => {
    for (const [status, { headers = {}, content }] of Object.entries(operation.responses)) {
      const names = Object.keys(headers);
      expect(names, status).toEqual(expect.arrayContaining(['X-Request-Id', 'Cache-Control']));
      expect(names.includes('WWW-Authenticate'), status).toBe(status === '401');
      expect(names.includes('Retry-After'), status).toBe(['429', '503'].includes(status));
      const limited = operation.security?.length !== 0 && status < '500';
      if (limited)
        expect(names, status).toEqual(expect.arrayContaining(['RateLimit', 'RateLimit-Policy']));
      const problem = content !== undefined && 'application/problem+json' in content;
      expect(problem, status).toBe(status >= '400');
    }
  });
});
