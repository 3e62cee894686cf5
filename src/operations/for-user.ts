import type { Caller } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import type { Services } from './services.ts';

/**
 * Adapts an operation of `/api/tasks` to the path style `/api/{user_id}/tasks`, where `user_id` must be the caller's.
 *
 * @returns a handler that throws a `Problem` access-forbidden for the path of another user
 */
export function forUser<Request, Result>(
  handler: (request: Request, caller: Caller, services: Services) => Promise<Result>,
) {
  return async (
    request: Request & { readonly params: { readonly user_id: string } },
    caller: Caller,
    services: Services,
  ): Promise<Result> => {
    if (request.params.user_id !== caller.id) throw new Problem('access-forbidden');
    return handler(request, caller, services);
  };
}
