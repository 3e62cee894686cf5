import { partialMatchKey, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { isTasksError } from '@tasks-api/client';
import { createStore, type Store } from '../store.ts';
import { isResponse } from './query-events.ts';

/** `offline`: the browser has no network. `unreachable`: it has one, but the service does not respond. */
export type ConnectionState = 'online' | 'offline' | 'unreachable';

export interface Connection extends Store<ConnectionState> {
  /** Reports that a call has succeeded. */
  readonly reportSuccess: () => void;
  /** Reports the error of a failed call. */
  readonly reportFailure: (error: unknown) => void;
  /** Starts to listen. Returns a function that stops it. */
  readonly start: () => () => void;
}

export interface ConnectionOptions {
  /** Whether the browser reports that it is online. */
  readonly isOnline: () => boolean;
  /** Emits `online` and `offline`, as `window` does. */
  readonly events: EventTarget;
  /** Calls the service; rejects if that fails. */
  readonly probe: () => Promise<unknown>;
}

const FIRST_PROBE_MS = 2_000;
const LONGEST_PROBE_MS = 30_000;
/** After so long without a failure, the backoff begins again. */
const STABLE_MS = 60_000;

/** Creates the connection state. It follows the browser and the results of calls, and probes with backoff while offline. */
export function createConnection({ isOnline, events, probe }: ConnectionOptions): Connection {
  const state = createStore<ConnectionState>('online');
  let listening = false;
  let delay = FIRST_PROBE_MS;
  let lastFailure = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Only the result of the last probe counts, and none that was sent before the browser went offline. */
  let lastProbe = 0;

  const disconnected = () => {
    state.set(isOnline() ? 'unreachable' : 'offline');
    const now = performance.now();
    if (now - lastFailure > STABLE_MS) delay = FIRST_PROBE_MS;
    lastFailure = now;
    if (timer !== undefined || !listening) return;
    timer = setTimeout(check, delay);
    delay = Math.min(2 * delay, LONGEST_PROBE_MS);
  };
  const stopProbing = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const connected = () => {
    stopProbing();
    state.set('online');
  };
  const check = () => {
    stopProbing();
    lastProbe += 1;
    const id = lastProbe;
    const ifLast = (act: () => void) => () => {
      if (id === lastProbe) act();
    };
    probe().then(ifLast(connected), ifLast(disconnected));
  };
  const onOffline = () => {
    lastProbe += 1;
    disconnected();
  };
  const onOnline = () => {
    delay = FIRST_PROBE_MS;
    check();
  };

  return {
    ...state,
    reportSuccess() {
      // This does not reset the delay: if some calls fail while others succeed, the backoff has to continue.
      if (isOnline()) connected();
      // The call may have been sent before the browser went offline.
      else if (state.get() !== 'online') check();
    },
    reportFailure(error) {
      if (isUnreachable(error)) disconnected();
    },
    start() {
      listening = true;
      if (!isOnline()) disconnected();
      events.addEventListener('online', onOnline);
      events.addEventListener('offline', onOffline);
      return () => {
        listening = false;
        stopProbing();
        events.removeEventListener('online', onOnline);
        events.removeEventListener('offline', onOffline);
      };
    },
  };
}

/** Whether an error means that the service cannot be reached at the moment, so that a retry can help. */
export function isUnreachable(error: unknown): boolean {
  if (!isTasksError(error)) return false;
  const { code, status = 0 } = error;
  return (
    code === 'network-error' ||
    code === 'timeout' ||
    code === 'unavailable' ||
    code === 'rate-limited' ||
    // Sent by a proxy, not by the service.
    (code === 'unexpected-reply' && (status === 429 || status > 500))
  );
}

interface WatchOptions {
  readonly queryClient: QueryClient;
  /** The prefix of the query and mutation keys to watch. */
  readonly key: QueryKey;
  readonly connection: Pick<Connection, 'reportSuccess' | 'reportFailure'>;
}

/** Reports the results of queries and mutations to a connection. Returns a function that stops it. */
export function watchCalls({ queryClient, key, connection }: WatchOptions): () => void {
  const stopQueries = queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || !partialMatchKey(event.query.queryKey as QueryKey, key)) return;
    if (isResponse(event)) connection.reportSuccess();
    if (event.action.type === 'error') connection.reportFailure(event.action.error);
  });
  const stopMutations = queryClient.getMutationCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    if (!partialMatchKey(event.mutation.options.mutationKey ?? [], key)) return;
    if (event.action.type === 'success') connection.reportSuccess();
    if (event.action.type === 'error') connection.reportFailure(event.action.error);
  });
  return () => {
    stopQueries();
    stopMutations();
  };
}
