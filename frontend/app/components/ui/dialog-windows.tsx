'use client';

import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode, type RefObject } from 'react';
import { Button } from './button.tsx';

const BACKDROP =
  'fixed inset-0 z-40 bg-black/40 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0';
const VIEWPORT = 'fixed inset-0 z-40 grid place-items-center overflow-y-auto p-4';
const POPUP =
  'relative flex w-full flex-col gap-4 rounded-card border border-line bg-raised p-5 shadow-float transition duration-150 sm:p-6 data-ending-style:translate-y-2 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0';
const TITLE = 'pe-10 text-lg font-semibold text-balance';
const FOOTER = 'mt-2 flex flex-wrap justify-end gap-3 max-sm:*:grow';

export interface DialogProps {
  readonly open: boolean;
  /** Called with false when Esc, the close button or a click outside closes it. */
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons; the main action is last. */
  readonly footer?: ReactNode;
  /** `lg` has room for two columns. */
  readonly size?: 'md' | 'lg';
  /** The element with the initial focus; by default the first one that can have it. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  /** The element with the focus after closing; by default the one that had it before. */
  readonly finalFocus?: RefObject<HTMLElement | null>;
}

/** The window of a `Dialog`, loaded lazily. */
export function DialogWindow({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = 'md',
  initialFocus,
  finalFocus,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop data-backdrop className={BACKDROP} />
        <Base.Viewport className={VIEWPORT}>
          <Base.Popup
            initialFocus={initialFocus}
            finalFocus={finalFocus}
            className={`${POPUP} ${size === 'lg' ? 'max-w-2xl' : 'max-w-md'}`}
          >
            <div className="flex flex-col gap-1">
              <Base.Title className={TITLE}>{title}</Base.Title>
              {description && (
                <Base.Description className="text-muted">{description}</Base.Description>
              )}
            </div>
            {children && <div>{children}</div>}
            {footer && <div className={FOOTER}>{footer}</div>}
            <Base.Close
              aria-label="Close"
              className="absolute end-3 top-3 inline-flex size-11 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink"
            >
              <X aria-hidden size={20} />
            </Base.Close>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** A question. */
  readonly title: string;
  /** The consequences. */
  readonly description: ReactNode;
  /** The verb of the question, not “OK”. */
  readonly confirmLabel: string;
  readonly cancelLabel?: string;
  readonly tone?: 'primary' | 'danger';
  readonly pending?: boolean;
  /** Whether the action does not work offline. */
  readonly needsConnection?: boolean;
  /** The action. The dialog stays open until the caller closes it, so that the action can be pending. */
  readonly onConfirm: () => void;
}

/** The window of a `ConfirmDialog`, loaded lazily. */
export function ConfirmWindow({
  open,
  onOpenChange,
  title,
  description,
  confirmLabel,
  cancelLabel = 'Cancel',
  tone = 'primary',
  pending = false,
  needsConnection = false,
  onConfirm,
}: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop data-backdrop className={BACKDROP} />
        <AlertDialog.Viewport className={VIEWPORT}>
          <AlertDialog.Popup initialFocus={cancel} className={`${POPUP} max-w-md`}>
            <AlertDialog.Title className={TITLE}>{title}</AlertDialog.Title>
            <AlertDialog.Description render={<div />} className="text-muted">
              {description}
            </AlertDialog.Description>
            <div className={FOOTER}>
              <AlertDialog.Close ref={cancel} render={<Button variant="secondary" />}>
                {cancelLabel}
              </AlertDialog.Close>
              <Button
                variant={tone}
                pending={pending}
                needsConnection={needsConnection}
                onClick={onConfirm}
              >
                {confirmLabel}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
