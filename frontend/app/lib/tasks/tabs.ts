/** What the tabs of a user tell each other. */
type Message = 'changed' | 'signed-out';

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
  readonly onChanged: () => void;
  readonly onSignedOut: () => void;
}

/** Makes the link between the tabs of a user in this browser. */
export function createTabs({ userId, onChanged, onSignedOut }: TabsOptions): Tabs {
  let channel: BroadcastChannel | undefined;
  const tell = (message: Message) => channel?.postMessage(message);
  const hear = ({ data }: MessageEvent<unknown>) => {
    if (data === 'changed') onChanged();
    if (data === 'signed-out') onSignedOut();
  };
  return {
    changed() {
      tell('changed');
    },
    signedOut() {
      tell('signed-out');
    },
    start() {
      const own = new BroadcastChannel(`tasks:${userId}`);
      own.addEventListener('message', hear);
      channel = own;
      return () => {
        own.close();
        channel = undefined;
      };
    },
  };
}
