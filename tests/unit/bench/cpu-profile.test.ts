import type { Profiler } from 'node:inspector';
import { expect, it } from 'vitest';
import { PROTECTION, selfTimes } from '../../../bench/support/cpu-profile.ts';

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  children,
  callFrame: { functionName, url, scriptId: '0', lineNumber: 0, columnNumber: 0 },
});

it('adds up the self time by package, folder and module of Node.js', () => {
  const root = 'file:///home/someone/src/tasks-api';
  const profile: Profiler.Profile = {
    nodes: [
      node(1, '(root)', '', [2, 3, 11]),
      node(2, '(idle)', ''),
      node(3, 'query', `${root}/node_modules/pg/lib/client.js`, [4, 5, 7, 10, 12]),
      node(4, 'parse', `${root}/node_modules/express/node_modules/@scope/part/index.js`),
      node(5, 'respond', `${root}/src/http/dispatch.ts`, [6]),
      node(6, 'stringify', ''),
      node(7, 'write', 'node:internal/streams/writable', [8]),
      node(8, 'writev', ''),
      node(10, 'run', `${root}/src/main.ts`),
      node(11, '(garbage collector)', ''),
      node(12, 'run', `${root}/src/db/execution/pipelines.ts`, [13]),
      node(13, 'run', `${root}/src/db/execution/fair-queue.ts`, [14]),
      node(14, 'setTimeout', 'node:timers'),
    ],
    startTime: 0,
    endTime: 0,
    samples: [2, 3, 4, 5, 6, 7, 8, 10, 11, 3, 12, 13, 14],
    timeDeltas: [1000, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048],
  };
  expect(Object.fromEntries(selfTimes(profile))).toEqual({
    pg: 257,
    '@scope/part': 2,
    'src/http': 12,
    'node:internal/streams': 16,
    'writev (native)': 32,
    src: 64,
    '(garbage collector)': 128,
    'src/db/execution': 512,
    [PROTECTION]: 3072,
  });
});
