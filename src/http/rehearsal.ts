import express, { type Express, type RequestHandler } from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Document, OpenAPIBackend, Operation } from 'openapi-backend';
import type { UserId } from '../auth/caller.ts';
import { matchedOperation } from './match.ts';
import './request.ts';

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
 * Sends the contract's own example of every request through the validation, and its example of the reply back. A contract
 * that cannot be loaded would otherwise be found by the first user, who would also wait for each validator to be compiled.
 *
 * @throws when the contract cannot be loaded, or contradicts its examples
 */
export async function rehearse(
  backend: OpenAPIBackend,
  validation: RequestHandler[],
): Promise<void> {
  const server = createServer(stage(backend, validation)).listen(0, '127.0.0.1');
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

/** The validation between a caller that nobody checks and replies that nobody made. */
function stage(backend: OpenAPIBackend, validation: RequestHandler[]): Express {
  const app = express();
  app.use((request, _response, next) => {
    request.authenticate = () =>
      Promise.resolve({ id: 'example' as UserId, email: null, name: null });
    next();
  });
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

/** An example of the body in each media type, and none where it may be left out. */
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
      (so, { name, example }) => so.replace(`{${name}}`, encodeURIComponent(example ?? '')),
      path,
    );
  const response = await fetch(base + url, {
    method: method.toUpperCase(),
    headers: { Authorization: 'Bearer example', ...(body && { 'Content-Type': body.type }) },
    body: body?.text ?? null,
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(
      `The contract contradicts its example of ${operationId ?? url}: ${text.slice(0, 500)}`,
    );
  }
}
