/** A count as people write it: “1,234”. Small ones do without `toLocaleString`, which takes its time when it is first used. */
export function countText(count: number): string {
  return count < 1_000 ? String(count) : count.toLocaleString('en');
}
