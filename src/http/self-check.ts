import express, { type Express, type RequestHandler } from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Document, OpenAPIBackend, Operation } from 'openapi-backend';
import { matchedOperation } from './match.ts';
import type { ContractValidation } from './validation.ts';

interface Example {
  name: string;
  in: string;
  example?: string;
}
interface Body {
  required?: boolean;
  content: Record<string, { examples: Record<string, { value: unknown }> }>;
}

/**
 * Validates the contract's example of every request and response. A contract that contradicts its examples then fails at
 * start-up instead of at the first request. This also compiles the validators (warm-up), so that no request waits for that.
 *
 * @throws when the contract cannot be loaded, or contradicts its examples
 */
export async function selfCheck(
  backend: OpenAPIBackend,
  { withoutAuthentication }: ContractValidation,
): Promise<void> {
  const server = createServer(sampleApp(backend, withoutAuthentication)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const operation of backend.getOperations()) {
      for (const body of exampleBodies(operation)) await send(base, operation, body);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Validates every request and responds with the sample response of its operation. */
function sampleApp(backend: OpenAPIBackend, validation: RequestHandler[]): Express {
  const app = express();
  app.use(validation);
  app.use((request, response) => {
    const { operationId = '' } = matchedOperation(request) ?? {};
    const sample = backend.mockResponseForOperation(operationId);
    response.status(sample.status);
    if (sample.status === 204) response.end();
    else response.json(sample.mock);
  });
  return app;
}

/** The example bodies in each media type, and null if the body is optional. */
function exampleBodies({
  requestBody,
}: Operation<Document>): ({ type: string; text: string } | null)[] {
  const { required, content } = (requestBody ?? { content: {} }) as Body;
  const bodies = Object.entries(content).flatMap(([type, { examples }]) =>
    Object.values(examples).map(({ value }) => ({ type, text: JSON.stringify(value) })),
  );
  return required ? bodies : [...bodies, null];
}

async function send(
  base: string,
  { path, method, operationId, parameters = [] }: Operation<Document>,
  body: { type: string; text: string } | null,
): Promise<void> {
  const url = (parameters as Example[])
    .filter((parameter) => parameter.in === 'path')
    .reduce(
      (url, { name, example }) => url.replace(`{${name}}`, encodeURIComponent(example ?? '')),
      path,
    );
  const response = await fetch(base + url, {
    method: method.toUpperCase(),
    headers: body ? { 'Content-Type': body.type } : {},
    body: body?.text ?? null,
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(
      `The contract contradicts its example of ${operationId ?? url}: ${text.slice(0, 500)}`,
    );
  }
}
