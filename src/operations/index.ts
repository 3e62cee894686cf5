import {
  deleteCurrentUser,
  exportCurrentUser,
  getCurrentUser,
  revokeTokens,
} from './current-user.ts';
import type { Handlers } from './handler.ts';
import { getLiveness, getReadiness } from './health.ts';
import {
  completeTask,
  countTasks,
  createTask,
  deleteTask,
  getTask,
  listTasks,
  updateTask,
} from './tasks.ts';
import { forUser } from './for-user.ts';

/** The handlers by operationId. */
export const handlers = {
  listTasks,
  createTask,
  getTask,
  updateTask,
  // PUT keeps the omitted fields, so it is the same as PATCH.
  patchTask: updateTask,
  deleteTask,
  completeTask,
  listUserTasks: forUser(listTasks),
  createUserTask: forUser(createTask),
  getUserTask: forUser(getTask),
  updateUserTask: forUser(updateTask),
  patchUserTask: forUser(updateTask),
  deleteUserTask: forUser(deleteTask),
  completeUserTask: forUser(completeTask),
  getCurrentUser,
  deleteCurrentUser,
  exportCurrentUser,
  revokeTokens,
  countTasks,
  getLiveness,
  getReadiness,
} satisfies Handlers;
