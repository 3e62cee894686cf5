import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DEFAULT_VIEW,
  includes,
  parseView,
  viewQuery,
  type View,
} from '../../../../frontend/app/lib/tasks/view.ts';

const views = fc.record<View>({
  status: fc.constantFrom('all', 'pending', 'completed'),
  sort: fc.constantFrom('created', 'updated', 'title'),
  order: fc.constantFrom('asc', 'desc'),
});

test('a view can be parsed from its query string', () => {
  fc.assert(
    fc.property(views, (view) => {
      const params = new URLSearchParams(viewQuery(view));
      expect(parseView(params)).toEqual(view);
      expect(parseView(Object.fromEntries(params))).toEqual(view);
    }),
  );
});

test.each<[string, View]>([
  ['', DEFAULT_VIEW],
  ['?sort=title', { status: 'all', sort: 'title', order: 'asc' }],
  ['?status=pending&sort=updated', { status: 'pending', sort: 'updated', order: 'desc' }],
  ['?order=asc', { status: 'all', sort: 'created', order: 'asc' }],
])('%j is the shortest query of a view', (query, view) => {
  expect(viewQuery(view)).toBe(query);
  expect(parseView(new URLSearchParams(query))).toEqual(view);
});

test.each([
  { status: 'done', sort: 'constructor', order: 'ASC' },
  { status: ['pending', 'completed'], sort: undefined, order: '' },
  {},
])('%j is the default view', (params) => {
  expect(parseView(params)).toEqual(DEFAULT_VIEW);
});

test('a view includes the tasks with its status', () => {
  const shown = (status: View['status']) =>
    [true, false].map((completed) => includes({ ...DEFAULT_VIEW, status }, { completed }));
  expect(shown('all')).toEqual([true, true]);
  expect(shown('completed')).toEqual([true, false]);
  expect(shown('pending')).toEqual([false, true]);
});
