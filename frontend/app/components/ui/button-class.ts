/** `primary` is the main action of a page, `danger` cannot be undone, `quiet` has no border. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
/** `sm` is lower, except on touch screens. */
export type ButtonSize = 'md' | 'sm';

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
  return `relative inline-flex cursor-pointer items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors duration-150 select-none aria-disabled:cursor-default aria-disabled:not-aria-busy:cursor-not-allowed aria-disabled:not-aria-busy:opacity-50 ${VARIANTS[variant]} ${SIZES[size]}`;
}
