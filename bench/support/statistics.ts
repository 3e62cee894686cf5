/** The median of some numbers, and the smallest and the largest of them. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws {RangeError} without numbers */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || min === undefined || max === undefined)
    throw new RangeError('no numbers');
  return { median: (low + high) / 2, min, max };
}

export const median = (numbers: readonly number[]): number => spreadOf(numbers).median;

/**
 * The number below which a fraction of the numbers lies (nearest rank); NaN without numbers.
 *
 * @param sorted in ascending order
 * @param fraction 0 to 1, such as 0.99
 */
export function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.max(Math.ceil(sorted.length * fraction) - 1, 0)] ?? NaN;
}
