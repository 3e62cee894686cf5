/** The application's logo: a check mark in a rounded square. It is decorative, so it has no accessible name. */
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
