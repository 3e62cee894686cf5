'use client';

import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useRef, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { dialogClass } from './dialog-class.ts';

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** A question. */
  readonly title: string;
  /** What follows from it. */
  readonly description: ReactNode;
  /** The verb of the question, not “OK”. */
  readonly confirmLabel: string;
  readonly cancelLabel?: string;
  readonly tone?: 'primary' | 'danger';
  readonly pending?: boolean;
  /** Does it; the caller closes the dialog, so that it can wait. */
  readonly onConfirm: () => void;
  readonly children?: ReactNode;
}

/** A question that has to be answered first. The focus begins at the answer that does nothing. */
export function ConfirmWindow({
  open,
  onOpenChange,
  title,
  description,
  confirmLabel,
  cancelLabel = 'Cancel',
  tone = 'primary',
  pending = false,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogClass.backdrop} />
        <AlertDialog.Viewport className={dialogClass.viewport}>
          <AlertDialog.Popup initialFocus={cancel} className={`${dialogClass.popup} max-w-md`}>
            <AlertDialog.Title className={dialogClass.title}>{title}</AlertDialog.Title>
            <AlertDialog.Description render={<div />} className="text-muted">
              {description}
            </AlertDialog.Description>
            {children}
            <div className={dialogClass.footer}>
              <AlertDialog.Close ref={cancel} render={<Button variant="secondary" />}>
                {cancelLabel}
              </AlertDialog.Close>
              <Button variant={tone} pending={pending} onClick={onConfirm}>
                {confirmLabel}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
