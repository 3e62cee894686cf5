import type { Caller } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';
import type { Services } from './services.ts';

/**
 * The same operation under a path that names its user, who has to be the caller.
 *
 * @throws {Problem} access-forbidden, when it names another
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
