export { createTasksClient, type TasksClient } from './client.ts';
export { isTasksError, type TasksError, type TasksErrorCode } from './errors.ts';
export { createIdempotencyKey } from './idempotency-key.ts';
export type { TasksClientOptions } from './options.ts';
export type * from './schemas.ts';
export type { CallOptions, Versioned } from './types.ts';
