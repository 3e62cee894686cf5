import type { ComponentProps } from 'react';

type IconButtonProps = Readonly<
  Omit<ComponentProps<'button'>, 'aria-label' | 'title'> & {
    /** Its name for screen readers; says what it does to what, such as “Delete ‘Buy milk’”. */
    label: string;
    /** What the tooltip says instead of the label, when that is long. */
    tooltip?: string;
  }
>;

/** A button that is an icon, with a name and a tooltip. */
export function IconButton({ label, tooltip = label, className = '', ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      {...props}
      aria-label={label}
      data-tooltip={tooltip}
      className={`inline-flex size-9 shrink-0 cursor-pointer items-center justify-center rounded-control text-muted transition-colors duration-150 hover:bg-hover hover:text-ink aria-busy:animate-pulse pointer-coarse:size-11 ${className}`}
    />
  );
}
