'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { dialogClass } from './dialog-class.ts';

export interface DialogProps {
  readonly open: boolean;
  /** Called with false when Esc, the cross or a click beside it closes it. */
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons; what goes on is last. */
  readonly footer?: ReactNode;
  /** `lg` is for two things side by side. */
  readonly size?: 'md' | 'lg';
  /** Where the focus begins; otherwise at the first thing that takes it. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  /** Where the focus goes afterwards; otherwise where it came from. */
  readonly finalFocus?: RefObject<HTMLElement | null>;
}

/** Something to look at or to fill in before the page goes on. */
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
        <Base.Backdrop className={dialogClass.backdrop} />
        <Base.Viewport className={dialogClass.viewport}>
          <Base.Popup
            initialFocus={initialFocus}
            finalFocus={finalFocus}
            className={`${dialogClass.popup} ${size === 'lg' ? 'max-w-2xl' : 'max-w-md'}`}
          >
            <div className="flex flex-col gap-1">
              <Base.Title className={dialogClass.title}>{title}</Base.Title>
              {description && (
                <Base.Description className="text-muted">{description}</Base.Description>
              )}
            </div>
            {children && <div>{children}</div>}
            {footer && <div className={dialogClass.footer}>{footer}</div>}
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
