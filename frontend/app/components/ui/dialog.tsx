'use client';

import type { DialogProps } from './dialog-window.tsx';
import { whenOpened } from './when-opened.tsx';

/** Something to look at or to fill in before the page goes on. */
export const Dialog = whenOpened<DialogProps>(() =>
  import('./dialog-window.tsx').then((module) => module.DialogWindow),
);
