import type { Task, TaskCreate, TaskUpdate } from '@tasks-api/client';

/**
 * What a user enters for a task: the writable fields of the contract that a form edits. `completed` is not one of them, because it
 * has a checkbox and an operation of its own.
 *
 * A field that is added to the contract becomes part of this type. The compiler then reports every place that has to handle it.
 */
export type TaskInput = Required<Pick<Task, Exclude<keyof (TaskCreate & TaskUpdate), 'completed'>>>;

/** The fields of a task input, in the order of the form. */
export const INPUT_FIELDS: readonly (keyof TaskInput)[] = namesOf<TaskInput>({
  title: true,
  description: true,
});

/** The input of a task, or of anything that extends it, without the other properties. */
export function inputOf({ title, description }: TaskInput): TaskInput {
  return { title, description };
}

/** The fields whose values differ, with the values of `after`: the body of a PATCH request. */
export function changedFields(before: TaskInput, after: TaskInput): Partial<TaskInput> {
  const changed = INPUT_FIELDS.filter((field) => after[field] !== before[field]);
  return Object.fromEntries(changed.map((field) => [field, after[field]]));
}

/** Whether two inputs have the same values in all fields. */
export function isSameInput(one: TaskInput, other: TaskInput): boolean {
  return INPUT_FIELDS.every((field) => one[field] === other[field]);
}

/** The property names of a type. The compiler requires that the record has all of them and no others. */
export function namesOf<Type>(names: Readonly<Record<keyof Type, true>>): readonly (keyof Type)[] {
  return Object.keys(names) as (keyof Type)[];
}
