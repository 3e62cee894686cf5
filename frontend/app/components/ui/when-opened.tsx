'use client';

import {
  useEffect,
  useEffectEvent,
  useState,
  type ComponentType,
  type FunctionComponent,
} from 'react';
import { messageOf } from '../../lib/errors/messages.ts';
import { notify } from '../../lib/notices.ts';

interface Openable {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/**
 * Makes a component whose code no page waits for. It is fetched as soon as the browser has nothing better to do, so that it is
 * there when the line is not, or else when the component opens. When it cannot be had, a notice says so, and it closes again.
 */
export function whenOpened<Props extends Openable>(
  load: () => Promise<ComponentType<Props>>,
): FunctionComponent<Props> {
  return function WhenOpened(props: Props) {
    const { open, onOpenChange } = props;
    const [Loaded, setLoaded] = useState<ComponentType<Props>>();
    const fetchCode = async () => {
      const component = await load();
      setLoaded(() => component);
    };
    const giveUp = useEffectEvent((error: unknown) => {
      const { title, detail } = messageOf(error);
      notify({ title, detail, tone: 'error' });
      onOpenChange(false);
    });
    useEffect(() => whenIdle(() => void fetchCode().catch(() => undefined)), []);
    const isMissed = open && !Loaded;
    useEffect(() => {
      if (isMissed) fetchCode().catch(giveUp);
    }, [isMissed]);
    return Loaded && <Loaded {...props} />;
  };
}

/** @returns what calls it off */
function whenIdle(task: () => void): () => void {
  // Safari does not tell when it is idle.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(task, 1_000);
    return () => {
      clearTimeout(timer);
    };
  }
  const handle = requestIdleCallback(task);
  return () => {
    cancelIdleCallback(handle);
  };
}
