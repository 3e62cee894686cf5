import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, MouseEvent } from 'react';

/** `primary` is the main action of a page, `danger` cannot be undone, `quiet` has no border. */
type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
/** `sm` is lower, except on touch screens. */
type ButtonSize = 'md' | 'sm';

const VARIANTS = {
  // The transparent border is visible in forced colours.
  primary: 'border border-transparent bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-edge bg-surface hover:bg-hover',
  quiet: 'border border-transparent text-muted hover:bg-hover hover:text-ink',
  danger: 'border border-transparent bg-danger text-surface hover:brightness-110',
} satisfies Record<ButtonVariant, string>;

const SIZES = {
  md: 'min-h-11 px-4',
  sm: 'min-h-9 px-3 text-sm pointer-coarse:min-h-11',
} satisfies Record<ButtonSize, string>;

/** The styling of a button, also for links that look like one. */
export function buttonClass(variant: ButtonVariant = 'primary', size: ButtonSize = 'md'): string {
  return `relative inline-flex cursor-pointer items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors duration-150 select-none aria-disabled:cursor-default ${VARIANTS[variant]} ${SIZES[size]}`;
}

type ButtonProps = Readonly<
  ComponentProps<'button'> & {
    variant?: ButtonVariant;
    size?: ButtonSize;
    /** Shows a spinner and ignores clicks while the action is pending. The button keeps its size and the focus. */
    pending?: boolean;
  }
>;

/** A button. With `type="submit"` it submits its form. */
export function Button({
  variant,
  size,
  pending = false,
  className = '',
  type = 'button',
  onClick,
  children,
  ...props
}: ButtonProps) {
  function click(event: MouseEvent<HTMLButtonElement>) {
    // Enter in a field also clicks the submit button.
    if (pending) event.preventDefault();
    else onClick?.(event);
  }
  return (
    <button
      {...props}
      type={type}
      onClick={click}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      className={`${buttonClass(variant, size)} ${className}`}
    >
      {pending ? (
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
  Omit<ComponentProps<'button'>, 'aria-label' | 'title'> & {
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
      {...props}
      aria-label={label}
      data-tooltip={tooltip}
      className={`inline-flex size-9 shrink-0 cursor-pointer items-center justify-center rounded-control text-muted transition-colors duration-150 hover:bg-hover hover:text-ink aria-busy:animate-pulse aria-disabled:cursor-not-allowed aria-disabled:opacity-50 pointer-coarse:size-11 ${className}`}
    />
  );
}
