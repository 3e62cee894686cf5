import type { SignInReason } from '../navigation.ts';

/** What a tab posts to the other tabs of the browser. */
interface Message {
  readonly userId: string;
  readonly event: 'signed-in' | 'changed' | 'signed-out';
}

export interface Tabs {
  /** Posts that tasks have changed. */
  readonly postChanged: () => void;
  /** Posts that the user has signed out. */
  readonly postSignedOut: () => void;
  /** Starts to listen. Returns a function that stops it. */
  readonly start: () => () => void;
}

export interface TabsOptions {
  readonly userId: string;
  /** May throw: then the tabs find out about changes when they refetch, and about the end of the session when a call fails. */
  readonly channel: (name: string) => BroadcastChannel;
  readonly onChanged: () => void;
  /** The user has signed out, or another user has signed in: this page would now send the other user's cookie. */
  readonly onSessionEnded: (reason: SignInReason) => void;
}

/** Keeps the tabs of a browser in sync. */
export function createTabs({ userId, channel, onChanged, onSessionEnded }: TabsOptions): Tabs {
  let open: BroadcastChannel | undefined;
  const post = (event: Message['event']) => open?.postMessage({ userId, event } satisfies Message);
  const receive = ({ data }: MessageEvent<Message>) => {
    const isSameUser = data.userId === userId;
    if (isSameUser && data.event === 'changed') onChanged();
    if (data.event === (isSameUser ? 'signed-out' : 'signed-in')) {
      onSessionEnded(isSameUser ? 'signed-out' : 'session-ended');
    }
  };
  return {
    postChanged() {
      post('changed');
    },
    postSignedOut() {
      post('signed-out');
    },
    start() {
      open = tryToOpen(channel);
      open?.addEventListener('message', receive);
      post('signed-in');
      return () => {
        open?.close();
        open = undefined;
      };
    },
  };
}

function tryToOpen(channel: TabsOptions['channel']): BroadcastChannel | undefined {
  try {
    return channel('tasks');
  } catch {
    return undefined;
  }
}
