/** A grey bar where something will be. Screen readers are told by whoever loads. */
export function Skeleton({ className = 'h-4 w-full' }: { readonly className?: string }) {
  return <div aria-hidden className={`animate-pulse rounded-control bg-hover ${className}`} />;
}
