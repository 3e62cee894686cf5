import { expect, test } from 'vitest';
import { needOf, throughputOf } from '../../../bench/support/capacity-model.ts';

const costs = { service: 300, database: 200, load: 100, bytesPerTask: 700, bytesPerUser: 200 };

test('a process computes on one core, and all share the cores of the machine', () => {
  expect(throughputOf(costs, 1, 8)).toBeCloseTo(1e6 / 300);
  expect(throughputOf(costs, 2, 8)).toBeCloseTo(2e6 / 300);
  expect(throughputOf(costs, 2, 2)).toBeCloseTo(2e6 / 600);
});

test('few users need the least that can be replaced while it runs', () => {
  const { serviceProcesses, databaseServers, limits } = needOf(1000, costs);
  expect([serviceProcesses, databaseServers]).toEqual([2, 1]);
  expect(limits[0]).toEqual({ name: 'connections', used: 20 / 500 });
});

test('what users need grows with their number, and each server stores all users', () => {
  const one = needOf(1e7, costs);
  const hundred = needOf(1e9, costs);
  expect(hundred.requestsPerSecond).toBeCloseTo(100 * one.requestsPerSecond);
  expect(hundred.serviceProcesses).toBe(Math.ceil((hundred.requestsPerSecond * 300) / 1e6 / 0.5));
  // 70 TB of tasks; of the 2 TB of each server, 0.2 TB are for the users.
  expect(hundred.databaseServers).toBe(Math.ceil(70 / 1.8));
  expect(hundred.bytes).toBeCloseTo(70e12 + hundred.databaseServers * 0.2e12);
  expect(hundred.limits[0]?.name).toBe('disk');
});
