import { HttpError } from 'express-openapi-validator/dist/framework/types.js';
import { expect, test, vi } from 'vitest';
import { loadContract } from '../../../src/contract.ts';
import { Problem } from '../../../src/errors/problem.ts';
import { loadOperations } from '../../../src/validation/contract-validator.ts';

const rejection = new Problem('invalid-token');
const operations = loadOperations(loadContract(), () => Promise.reject(rejection));
const operation = (id: string) => operations.find((documented) => documented.id === id);

test('rejects a token with the error of the authenticator, and without another one', async () => {
  const create = vi.spyOn(HttpError, 'create');
  const authenticated = operation('getTask')?.authenticate({ authorization: 'Bearer token' });
  await expect(authenticated).rejects.toBe(rejection);
  expect(create).not.toHaveBeenCalled();
});

test.each([{}, { authorization: '' }, { authorization: 'Basic dTpw' }])(
  'rejects %j as not authenticated',
  async (headers) => {
    const authenticated = operation('getTask')?.authenticate(headers);
    await expect(authenticated).rejects.toMatchObject({ code: 'not-authenticated' });
  },
);

test('does not authenticate the caller of an operation without bearerAuth', async () => {
  expect(await operation('getLiveness')?.authenticate({})).toBeNull();
});
