import type { UserRepository } from '../users/repository.ts';
import type { Health } from './health.ts';
import type { RevocationRepository } from '../revocations/repository.ts';
import type { TaskRepository } from '../tasks/repository.ts';

/** The dependencies of the operations. */
export interface Services {
  readonly tasks: TaskRepository;
  readonly users: UserRepository;
  readonly revocations: RevocationRepository;
  readonly health: Health;
}
