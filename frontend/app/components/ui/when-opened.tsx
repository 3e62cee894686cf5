'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState, type ComponentType, type FunctionComponent } from 'react';

/**
 * Makes a component that is first drawn when it opens, so that no page waits for its code. The code is fetched as soon as the
 * browser has nothing better to do: then it is there when the line is not.
 */
export function whenOpened<Props extends { readonly open: boolean }>(
  load: () => Promise<ComponentType<Props>>,
): FunctionComponent<Props> {
  const Loaded = dynamic(load, { ssr: false });
  return function WhenOpened(props: Props) {
    const [opened, setOpened] = useState(props.open);
    if (props.open && !opened) setOpened(true);
    useEffect(() => whenIdle(() => void load().catch(() => undefined)), []);
    return opened && <Loaded {...props} />;
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
