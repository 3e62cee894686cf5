'use client';

import type { ConfirmDialogProps } from './confirm-window.tsx';
import { whenOpened } from './when-opened.tsx';

/** A question that has to be answered first. The focus begins at the answer that does nothing. */
export const ConfirmDialog = whenOpened<ConfirmDialogProps>(() =>
  import('./confirm-window.tsx').then((module) => module.ConfirmWindow),
);
