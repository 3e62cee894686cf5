import type { Caller } from '../auth/caller.ts';
import { Problem } from '../http/problem.ts';
import type { Services } from '../services.ts';
import * as tasks from './tasks.ts';

/** The same operation for a path that names its user, who has to be the caller. */
function forUser<Request, Result>(
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

export const listUserTasks = forUser(tasks.listTasks);
export const createUserTask = forUser(tasks.createTask);
export const getUserTask = forUser(tasks.getTask);
export const updateUserTask = forUser(tasks.updateTask);
export const patchUserTask = forUser(tasks.patchTask);
export const deleteUserTask = forUser(tasks.deleteTask);
export const completeUserTask = forUser(tasks.completeTask);
