import type { components } from '../../generated/types.ts';

type Schemas = components['schemas'];

/** The schemas of the contract. */
export type Task = Schemas['Task'];
export type TaskCreate = Schemas['TaskCreate'];
export type TaskUpdate = Schemas['TaskUpdate'];
export type TaskCompletion = Schemas['TaskCompletion'];
export type TaskPage = Schemas['TaskPage'];
export type TaskCounts = Schemas['TaskCounts'];
export type User = Schemas['User'];
export type UserExport = Schemas['UserExport'];
export type StoredUser = Schemas['StoredUser'];
export type StoredIdempotencyKey = Schemas['StoredIdempotencyKey'];
export type Problem = Schemas['Problem'];
export type FieldError = Schemas['FieldError'];
