/** The sign of the application: a tick in a rounded square. Decoration; its name stands beside it. */
export function Logo({ size = 32 }: { readonly size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        d="m9.5 16.8 4.4 4.4 8.8-9.6"
        fill="none"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-on-accent"
      />
    </svg>
  );
}
