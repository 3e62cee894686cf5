import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { SavedValues } from './browser.ts';
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
const DELAY_MS = 500;
/** A browser's database can hang. The requests for the tasks wait for it no longer than this. */
const READ_TIMEOUT_MS = 1_000;

/** Creates the saved responses of a user. It has no side effects until the first call. */
export function createSavedResponses(options: SavedResponsesOptions): SavedResponses {
  const { userId, queryClient, key, values, events } = options;
  let restoring: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether there are responses that are not saved. Those of a list are saved only while it is shown. */
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
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    if (isCleared) return;
    // Only what is shown: cached lists of other views are not needed after a reload.
    const responses = queryClient
      .getQueryCache()
      .findAll({ queryKey: key })
      .filter((query) => query.getObserversCount() > 0 && query.state.data !== undefined)
      .map((query) => [query.queryKey, query.state.data as Fetched<object>] as const);
    if (responses.length === 0) return;
    isUnsaved = false;
    values.set(NAME, { userId, responses } satisfies Saved).catch(() => undefined);
  };
  const saveNow = () => {
    if (isUnsaved) save();
  };
  const hasPrefix = (other: QueryKey) => key.every((part, at) => other[at] === part);

  return {
    restored: () => (restoring ??= Promise.race([restore(), timeout(READ_TIMEOUT_MS)])),
    start() {
      const stop = queryClient.getQueryCache().subscribe((event) => {
        const isResponse = event.type === 'updated' && event.action.type === 'success';
        if (!isResponse || !hasPrefix(event.query.queryKey as QueryKey)) return;
        isUnsaved = true;
        timer ??= setTimeout(save, DELAY_MS);
      });
      events.addEventListener('pagehide', saveNow);
      return () => {
        stop();
        events.removeEventListener('pagehide', saveNow);
        clearTimeout(timer);
      };
    },
    async clear() {
      isCleared = true;
      clearTimeout(timer);
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
