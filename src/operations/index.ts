import type { Handlers } from '../contract.ts';
import * as account from './account.ts';
import * as health from './health.ts';
import * as tasks from './tasks.ts';
import * as userTasks from './user-tasks.ts';

/** What each operation of the contract does, by its operationId. */
export const handlers = { ...tasks, ...userTasks, ...account, ...health } satisfies Handlers;
