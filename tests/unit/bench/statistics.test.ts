import { describe, expect, it } from 'vitest';
import { type Sample, figureOf, ratioOf } from '../../../bench/support/results.ts';
import { percentile, spreadOf } from '../../../bench/support/statistics.ts';

describe('spreadOf', () => {
  it('returns the middle one of an odd number of values', () => {
    expect(spreadOf([9, 10, 1])).toEqual({ median: 9, min: 1, max: 10 });
  });

  it('returns the mean of the two middle values', () => {
    expect(spreadOf([4, 1, 100, 2])).toEqual({ median: 3, min: 1, max: 100 });
  });

  it('rejects an empty list', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('percentile', () => {
  it('returns the value of the nearest rank', () => {
    const sorted = Array.from({ length: 200 }, (_, n) => n + 1);
    expect(percentile(sorted, 0.5)).toBe(100);
    expect(percentile(sorted, 0.99)).toBe(198);
    expect(percentile(sorted, 1)).toBe(200);
    expect(percentile([7], 0.01)).toBe(7);
  });
});

describe('the ratios of two servers', () => {
  const sample = (server: Sample['server'], round: number, serverCpu: number): Sample => ({
    server,
    round,
    serverCpu,
    work: 'get',
    connections: 32,
    requestsPerSecond: 0,
    errors: 0,
    p50: 0,
    p99: 0,
    databaseCpu: 0,
    loadCpu: 0,
  });
  const of = (server: Sample['server']) => ({ server, work: 'get', connections: 32 }) as const;
  // The machine was twice as slow in the second round.
  const samples = [
    ...[100, 200, 150].map((cpu, round) => sample('service', round, cpu)),
    ...[50, 100, 50].map((cpu, round) => sample('node-http', round, cpu)),
  ];

  it('are computed within each round', () => {
    expect(ratioOf(samples, of('service'), of('node-http'), 'serverCpu')).toEqual({
      median: 2,
      min: 2,
      max: 3,
    });
  });

  it('omit rounds in which one of them was not measured', () => {
    const some = samples.filter(({ server, round }) => server === 'service' || round === 2);
    expect(ratioOf(some, of('service'), of('node-http'), 'serverCpu')?.median).toBe(3);
  });

  it('are undefined for a server that was not measured', () => {
    expect(ratioOf(samples, of('service'), of('fastapi'), 'serverCpu')).toBeUndefined();
    expect(figureOf(samples, of('fastapi'), 'serverCpu')).toBeUndefined();
  });
});
