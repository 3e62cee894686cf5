/** What a tab tells all others of the browser. */
interface Message {
  readonly userId: string;
  readonly event: 'began' | 'changed' | 'signed-out';
}

export interface Tabs {
  /** Tells the others that tasks have changed. */
  readonly changed: () => void;
  /** Tells the others that the user has signed out. */
  readonly signedOut: () => void;
  /** Begins to listen; gives what ends that. */
  readonly start: () => () => void;
}

export interface TabsOptions {
  readonly userId: string;
  readonly channel: (name: string) => BroadcastChannel;
  readonly onChanged: () => void;
  /** The user has signed out, or somebody else has signed in, whose cookie this page would use from now on. */
  readonly onSessionOver: () => void;
}

/** Makes the link between the tabs of this browser. */
export function createTabs({ userId, channel, onChanged, onSessionOver }: TabsOptions): Tabs {
  let open: BroadcastChannel | undefined;
  const tell = (event: Message['event']) => open?.postMessage({ userId, event } satisfies Message);
  const hear = ({ data }: MessageEvent<Message>) => {
    const isOwn = data.userId === userId;
    if (isOwn && data.event === 'changed') onChanged();
    if (data.event === (isOwn ? 'signed-out' : 'began')) onSessionOver();
  };
  return {
    changed() {
      tell('changed');
    },
    signedOut() {
      tell('signed-out');
    },
    start() {
      const own = channel('tasks');
      own.addEventListener('message', hear);
      open = own;
      tell('began');
      return () => {
        own.close();
        open = undefined;
      };
    },
  };
}
