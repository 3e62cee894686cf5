import { describe, expect, it } from 'vitest';
import { parseStat, treeOf } from '../../../bench/support/usage.ts';

const stat = (pid: number, name: string, parent: number, times: string) =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 900 800 0 0 ${times} 20 0 11 0 12345 1000000 500 18446744073709551615\n`;

describe('parseStat', () => {
  it('adds the times of the process and of its ended children', () => {
    expect(parseStat(stat(42, 'node', 7, '100 20 3 1'))).toEqual({
      pid: 42,
      parent: 7,
      cpu: 1_240_000,
      kernel: 210_000,
    });
  });

  it('is not confused by the name of the program', () => {
    expect(parseStat(stat(42, 'a) R 1 (b', 7, '1 0 0 0'))).toMatchObject({
      parent: 7,
      cpu: 10_000,
    });
  });
});

describe('treeOf', () => {
  it('finds all descendants and no other process', () => {
    const processes = [
      [1, 0],
      [12, 11],
      [10, 1],
      [11, 10],
      [13, 10],
      [20, 1],
    ].map(([pid = 0, parent = 0]) => ({ pid, parent, cpu: 0, kernel: 0 }));
    expect(treeOf(10, processes).map(({ pid }) => pid)).toEqual([10, 11, 13, 12]);
    expect(treeOf(99, processes)).toEqual([]);
  });
});
