'use client';

import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, MouseEvent } from 'react';
import { useOfflineReason } from '../../lib/offline.ts';
import { announce } from './announcer.tsx';
import { buttonClass, type ButtonSize, type ButtonVariant } from './button-class.ts';

type ActionProps = Readonly<
  ComponentProps<'button'> & {
    /** Shows that the action is pending, and ignores clicks. The button keeps its size and the focus. */
    pending?: boolean;
    /** Shows while offline that the action is not available, and ignores clicks. */
    needsConnection?: boolean;
  }
>;

/** The attributes of a button with these properties. They include `data-tooltip` only while offline. */
function useAction({ pending = false, needsConnection = false, onClick, ...props }: ActionProps) {
  const offlineReason = useOfflineReason();
  const reason = needsConnection ? offlineReason : undefined;
  return {
    ...props,
    'aria-disabled': pending || reason !== undefined || undefined,
    'aria-busy': pending || undefined,
    'aria-description': reason,
    ...(reason !== undefined && { 'data-tooltip': reason }),
    onClick(event: MouseEvent<HTMLButtonElement>) {
      if (reason !== undefined) announce(reason);
      // Enter in a field also clicks the submit button.
      if (pending || reason !== undefined) event.preventDefault();
      else onClick?.(event);
    },
  };
}

type ButtonProps = Readonly<ActionProps & { variant?: ButtonVariant; size?: ButtonSize }>;

/** A button. With `type="submit"` it submits its form. */
export function Button({
  variant,
  size,
  className = '',
  type = 'button',
  children,
  ...props
}: ButtonProps) {
  const action = useAction(props);
  return (
    <button {...action} type={type} className={`${buttonClass(variant, size)} ${className}`}>
      {action['aria-busy'] ? (
        <>
          <span className="inline-flex items-center gap-2 opacity-0">{children}</span>
          <LoaderCircle aria-hidden size={20} className="absolute animate-spin" />
        </>
      ) : (
        children
      )}
    </button>
  );
}

type IconButtonProps = Readonly<
  Omit<ActionProps, 'aria-label' | 'title'> & {
    /** The accessible name: the action and its object, such as “Delete ‘Buy milk’”. */
    label: string;
    /** A shorter text for the tooltip. */
    tooltip?: string;
  }
>;

/** A button that consists of an icon, with an accessible name and a tooltip. */
export function IconButton({ label, tooltip = label, className = '', ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      data-tooltip={tooltip}
      {...useAction(props)}
      aria-label={label}
      className={`inline-flex size-9 shrink-0 cursor-pointer items-center justify-center rounded-control text-muted transition-colors duration-150 hover:bg-hover hover:text-ink aria-busy:animate-pulse aria-disabled:cursor-not-allowed aria-disabled:opacity-50 pointer-coarse:size-11 ${className}`}
    />
  );
}
