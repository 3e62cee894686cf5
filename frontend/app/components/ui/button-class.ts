/** `primary` is what the page is for, `danger` what cannot be undone; `quiet` has no edge. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
/** `sm` is lower, except under fingers. */
export type ButtonSize = 'md' | 'sm';

const VARIANTS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-edge bg-surface hover:bg-hover',
  quiet: 'text-muted hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-surface hover:brightness-110',
} satisfies Record<ButtonVariant, string>;

const SIZES = {
  md: 'min-h-11 px-4',
  sm: 'min-h-9 px-3 text-sm pointer-coarse:min-h-11',
} satisfies Record<ButtonSize, string>;

/** The looks of a button, for a link that leads on like one, too. */
export function buttonClass(variant: ButtonVariant = 'primary', size: ButtonSize = 'md'): string {
  return `relative inline-flex cursor-pointer items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors duration-150 select-none aria-disabled:cursor-default ${VARIANTS[variant]} ${SIZES[size]}`;
}
