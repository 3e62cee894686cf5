import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, MouseEvent } from 'react';
import { buttonClass, type ButtonSize, type ButtonVariant } from './button-class.ts';

type ButtonProps = Readonly<
  ComponentProps<'button'> & {
    variant?: ButtonVariant;
    size?: ButtonSize;
    /** While it waits for what it has begun: it stays where it is, keeps the focus, and takes no more clicks. */
    pending?: boolean;
  }
>;

/** A button; `type="submit"` makes it send its form. */
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
    // Enter in a field clicks the submit button of its form as well.
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
