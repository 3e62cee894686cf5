import { partialMatchKey, type QueryClient, type QueryKey } from '@tanstack/react-query';
import type { SavedValues } from './browser.ts';
import { isResponse } from './query-events.ts';
import type { Fetched } from './rows.ts';

/** The lists and counts of the last user, saved in the browser: a reload shows them at once, also offline. */
export interface SavedResponses {
  /** Settles when the saved responses are in the cache. The first call reads them. */
  readonly restored: () => Promise<void>;
  /** Starts to save new responses. Returns a function that stops it. */
  readonly start: () => () => void;
  /** Deletes what is saved. From now on nothing is saved. */
  readonly clear: () => Promise<void>;
}

export interface SavedResponsesOptions {
  readonly userId: string;
  readonly queryClient: QueryClient;
  /** The prefix of the query keys to save. */
  readonly key: QueryKey;
  /** The prefix of those that are lists. */
  readonly lists: QueryKey;
  readonly values: SavedValues;
  /** Emits `pagehide`, as `window` does. */
  readonly events: EventTarget;
}

interface Saved {
  readonly userId: string;
  readonly responses: readonly (readonly [key: QueryKey, data: Fetched<object>])[];
}

/** One value for all users, so that the next user's replaces it. */
const NAME = 'tasks:responses';
/** A browser's database can hang. The requests for the tasks wait for it no longer than this. */
const READ_TIMEOUT_MS = 1_000;

/** Creates the saved responses of a user. It has no side effects until the first call. */
export function createSavedResponses(options: SavedResponsesOptions): SavedResponses {
  const { userId, queryClient, key, lists, values, events } = options;
  let restoring: Promise<void> | undefined;
  let isSaving = false;
  let isUnsaved = false;
  let isCleared = false;

  const restore = async () => {
    // A browser can block its storage.
    const saved = await values.get<Saved>(NAME).catch(() => undefined);
    if (isCleared || saved?.userId !== userId) return;
    for (const [queryKey, data] of saved.responses) {
      // The logical clock begins again with each page load.
      queryClient.setQueryData(queryKey, (now) => now ?? { ...data, requestedAt: 0 }, {
        updatedAt: 0,
      });
    }
  };
  /** The responses that are shown: after a reload, those of other views are not needed. */
  const shown = () =>
    queryClient
      .getQueryCache()
      .findAll({ queryKey: key })
      .filter((query) => query.getObserversCount() > 0 && query.state.data !== undefined)
      .map((query) => [query.queryKey, query.state.data as Fetched<object>] as const);
  /** Saves what is shown, if it has changed. Returns undefined if there is nothing to save: a page without a list keeps the last one. */
  const save = () => {
    const responses = isUnsaved && !isCleared ? shown() : [];
    if (!responses.some(([queryKey]) => partialMatchKey(queryKey, lists))) return undefined;
    isUnsaved = false;
    return values.set(NAME, { userId, responses } satisfies Saved).catch(() => undefined);
  };
  // Without a delay: a page that is left can no longer rely on the browser to complete a transaction.
  const saveAll = async () => {
    if (isSaving) return;
    isSaving = true;
    for (let saved = save(); saved; saved = save()) await saved;
    isSaving = false;
  };

  return {
    restored: () => (restoring ??= Promise.race([restore(), timeout(READ_TIMEOUT_MS)])),
    start() {
      const stop = queryClient.getQueryCache().subscribe((event) => {
        if (!partialMatchKey(event.query.queryKey as QueryKey, key) || !isResponse(event)) return;
        isUnsaved = true;
        void saveAll();
      });
      events.addEventListener('pagehide', save);
      return () => {
        stop();
        events.removeEventListener('pagehide', save);
      };
    },
    async clear() {
      isCleared = true;
      await values.del(NAME).catch(() => undefined);
    },
  };
}

/** Deletes what the browser has saved about a user, for pages without a user. */
export async function clearSavedResponses(values: SavedValues): Promise<void> {
  await values.del(NAME).catch(() => undefined);
}

function timeout(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
