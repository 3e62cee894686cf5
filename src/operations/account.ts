import type { Handler } from '../contract.ts';

export const getCurrentUser: Handler<'getCurrentUser'> = (_request, { id, email, name }) =>
  Promise.resolve({
    status: 200,
    headers: { 'Cache-Control': 'no-store' },
    body: { id, email, name },
  });
