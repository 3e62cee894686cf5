import { isTasksError } from '@tasks-api/client';
import { createStore, useStore, type Store } from '../store.ts';
import { useOptionalTasksModel } from './context.ts';

/** `offline`: the browser has no line. `unreachable`: it has one, but the service does not answer. */
export type ConnectionState = 'online' | 'offline' | 'unreachable';

export interface Connection extends Store<ConnectionState> {
  /** A call was answered. */
  readonly succeeded: () => void;
  /** A call ended with this. */
  readonly failed: (error: unknown) => void;
  /** Begins to listen; gives what ends that. */
  readonly start: () => () => void;
}

export interface ConnectionOptions {
  /** What the browser believes. */
  readonly isOnline: () => boolean;
  /** Tells `online` and `offline`, as the window does. */
  readonly events: EventTarget;
  /** Asks whether the service can work; rejects when not. */
  readonly probe: () => Promise<unknown>;
}

const FIRST_PROBE_MS = 2_000;
const LONGEST_PROBE_MS = 30_000;

/** Makes what knows the state of the connection, from what becomes of calls, and finds out by itself when it is back. */
export function createConnection({ isOnline, events, probe }: ConnectionOptions): Connection {
  const state = createStore<ConnectionState>('online');
  let listening = false;
  let delay = FIRST_PROBE_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const lost = () => {
    state.set(isOnline() ? 'unreachable' : 'offline');
    if (timer !== undefined || !listening) return;
    timer = setTimeout(check, delay);
    delay = Math.min(2 * delay, LONGEST_PROBE_MS);
  };
  const stopProbing = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const found = () => {
    stopProbing();
    state.set('online');
  };
  const check = () => {
    stopProbing();
    probe().then(found, lost);
  };
  const goOnline = () => {
    delay = FIRST_PROBE_MS;
    check();
  };

  return {
    ...state,
    succeeded() {
      // Not after a mere probe: a service that is up but fails to work is not to be asked without a pause.
      delay = FIRST_PROBE_MS;
      found();
    },
    failed(error) {
      if (isUnreachable(error)) lost();
    },
    start() {
      listening = true;
      if (!isOnline()) lost();
      events.addEventListener('online', goOnline);
      events.addEventListener('offline', lost);
      return () => {
        listening = false;
        stopProbing();
        events.removeEventListener('online', goOnline);
        events.removeEventListener('offline', lost);
      };
    },
  };
}

/** Whether an error means that the service cannot be reached at the moment, so that later may be better. */
export function isUnreachable(error: unknown): boolean {
  if (!isTasksError(error)) return false;
  const { code, status = 0 } = error;
  return (
    code === 'network-error' ||
    code === 'timeout' ||
    code === 'unavailable' ||
    // Of somebody on the way.
    (code === 'unexpected-reply' && (status === 429 || status > 500))
  );
}

/** The state of the connection; `online` where nobody is signed in. */
export function useConnection(): ConnectionState {
  return useStore(useOptionalTasksModel()?.connection ?? ALWAYS_ONLINE);
}

const ALWAYS_ONLINE: Store<ConnectionState> = createStore<ConnectionState>('online');
