import type { Task } from '@tasks-api/client';
import { createStore, type Store } from '../store.ts';
import { INPUT_FIELDS, type TaskInput } from './task-input.ts';
import { createTextStore } from './text-store.ts';

/** The texts in the form fields of a task. */
export type DraftFields = Readonly<Record<keyof TaskInput, string>>;

/** What the user has entered in a form and not saved. */
export interface Draft {
  readonly fields: DraftFields;
  /** The task as it was when editing began; undefined for a new or unsent task. */
  readonly task?: Task | undefined;
}

/**
 * The drafts of a user, by name: {@link NEW_TASK}, or the id of the edited task or unsent task. They survive navigation and reloads,
 * and are lost when the user signs out.
 */
export interface Drafts extends Store<ReadonlyMap<string, Draft>> {
  /** Stores a draft. An empty draft of a new task is removed. */
  readonly put: (name: string, draft: Draft) => void;
  readonly remove: (name: string) => void;
  readonly clear: () => void;
  /** Reads the stored drafts and listens to other tabs. Returns a function that stops it. */
  readonly start: () => () => void;
}

export interface DraftsOptions {
  readonly userId: string;
  /** Returns `localStorage`. May throw, because a browser can block it. */
  readonly storage: () => Storage;
  /** Emits `storage` when another tab has written, as `window` does. */
  readonly events: EventTarget;
}

/** The name of the draft of a new task. */
export const NEW_TASK = 'new';

/** Creates the drafts of a user. They are empty until they are started. */
export function createDrafts({ userId, storage, events }: DraftsOptions): Drafts {
  const drafts = createStore<ReadonlyMap<string, Draft>>(new Map());
  const prefix = `tasks:draft:${encodeURIComponent(userId)}:`;
  const texts = createTextStore({ prefix, storage });

  const set = (name: string, draft: Draft | undefined) => {
    const others = [...drafts.get()].filter(([other]) => other !== name);
    drafts.set(new Map(draft ? [...others, [name, draft]] : others));
  };
  const read = () => {
    const found = new Map<string, Draft>();
    for (const [name, text] of texts.entries()) {
      const draft = parseDraft(text);
      if (draft) found.set(name, draft);
    }
    return found;
  };
  // Not the drafts of edited tasks: each tab has forms of its own.
  const readNewTask = () => {
    set(NEW_TASK, read().get(NEW_TASK));
  };
  const remove = (name: string) => {
    texts.remove(name);
    set(name, undefined);
  };

  return {
    ...drafts,
    put(name, draft) {
      if (name === NEW_TASK && Object.values(draft.fields).every((text) => text === '')) {
        remove(name);
        return;
      }
      texts.put(name, JSON.stringify(draft));
      set(name, draft);
    },
    remove,
    clear() {
      for (const name of new Set([...drafts.get().keys(), ...read().keys()])) remove(name);
    },
    start() {
      drafts.set(read());
      events.addEventListener('storage', readNewTask);
      return () => {
        events.removeEventListener('storage', readNewTask);
      };
    },
  };
}

/** Parses a stored draft; undefined if it is malformed. */
function parseDraft(text: string): Draft | undefined {
  try {
    const { fields, task } = JSON.parse(text) as { fields: Partial<DraftFields>; task?: Task };
    if (task !== undefined && (typeof task.id !== 'string' || typeof task.title !== 'string')) {
      return undefined;
    }
    return { fields: readFields(fields), task };
  } catch {
    return undefined;
  }
}

/** The fields of a stored draft. A draft that an older version has stored lacks newer fields. */
function readFields(stored: Partial<Record<keyof TaskInput, unknown>>): DraftFields {
  const read = (field: keyof TaskInput) => {
    const value = stored[field];
    return [field, typeof value === 'string' ? value : ''] as const;
  };
  return Object.fromEntries(INPUT_FIELDS.map(read)) as DraftFields;
}
