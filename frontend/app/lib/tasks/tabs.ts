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
  readonly channel: (name: string) => BroadcastChannel;
  readonly onChanged: () => void;
  /** The user has signed out, or another user has signed in: this page would now send the other user's cookie. */
  readonly onSessionEnded: () => void;
}

/** Keeps the tabs of a browser in sync. */
export function createTabs({ userId, channel, onChanged, onSessionEnded }: TabsOptions): Tabs {
  let open: BroadcastChannel | undefined;
  const post = (event: Message['event']) => open?.postMessage({ userId, event } satisfies Message);
  const receive = ({ data }: MessageEvent<Message>) => {
    const isSameUser = data.userId === userId;
    if (isSameUser && data.event === 'changed') onChanged();
    if (data.event === (isSameUser ? 'signed-out' : 'signed-in')) onSessionEnded();
  };
  return {
    postChanged() {
      post('changed');
    },
    postSignedOut() {
      post('signed-out');
    },
    start() {
      const own = channel('tasks');
      own.addEventListener('message', receive);
      open = own;
      post('signed-in');
      return () => {
        own.close();
        open = undefined;
      };
    },
  };
}
