'use client';

import {
  useEffect,
  useEffectEvent,
  useState,
  type ComponentType,
  type FunctionComponent,
} from 'react';
import { messageOf } from '../../lib/errors/message-of.ts';
import { notify } from '../../lib/notices.ts';
import type { ConfirmDialogProps, DialogProps } from './dialog-windows.tsx';
import { whenIdle } from './when-idle.ts';

/** A modal dialog that shows or asks for something. */
export const Dialog = lazyDialog<DialogProps>(() =>
  import('./dialog-windows.tsx').then((module) => module.DialogWindow),
);

/** A modal question. The initial focus is on the button that cancels. */
export const ConfirmDialog = lazyDialog<ConfirmDialogProps>(() =>
  import('./dialog-windows.tsx').then((module) => module.ConfirmWindow),
);

interface Openable {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/**
 * Creates a dialog whose code does not delay the page. The code is loaded when the browser is idle, so that the dialog also works
 * offline, or else when the dialog opens. If that fails, a notice is shown and the dialog closes.
 */
function lazyDialog<Props extends Openable>(
  load: () => Promise<ComponentType<Props>>,
): FunctionComponent<Props> {
  return function LazyDialog(props: Props) {
    const { open, onOpenChange } = props;
    const [Loaded, setLoaded] = useState<ComponentType<Props>>();
    const loadCode = async () => {
      const component = await load();
      setLoaded(() => component);
    };
    const onFailure = useEffectEvent((error: unknown) => {
      const { title, detail, untilOnline } = messageOf(error);
      notify({ title, detail, untilOnline, tone: 'error' });
      onOpenChange(false);
    });
    useEffect(() => whenIdle(() => void loadCode().catch(() => undefined)), []);
    const isMissing = open && !Loaded;
    useEffect(() => {
      if (isMissing) loadCode().catch(onFailure);
    }, [isMissing]);
    return Loaded && <Loaded {...props} />;
  };
}
