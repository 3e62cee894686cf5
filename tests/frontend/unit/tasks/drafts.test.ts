import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createDrafts, NEW_TASK, type Draft } from '../../../../frontend/app/lib/tasks/drafts.ts';
import { BrowserProfile } from '../../support/browser-profile.ts';

const TASK = {
  ...{ id: 'one', user_id: 'ada', title: 'Buy milk', description: null, completed: false },
  ...{ created_at: '2026-11-21T12:00:00Z', updated_at: '2026-11-21T12:00:00Z' },
};
const draftOf = (title: string): Draft => ({ fields: { title, description: '' } });
const edit: Draft = { ...draftOf('Buy oat milk'), task: TASK };

let profile: BrowserProfile;
beforeEach(() => {
  profile = new BrowserProfile();
});

/** The drafts of a page that a user opens. */
const open = (userId = 'ada') => {
  const { storage, events } = profile.openTab();
  const drafts = createDrafts({ userId, storage, events });
  onTestFinished(drafts.start());
  return drafts;
};
const titles = ({ get } = open()) =>
  [...get()].map(([name, { fields }]) => `${name}: ${fields.title}`);

test('a draft is available to its user on the next page, until it is removed', () => {
  const drafts = open();
  drafts.put(NEW_TASK, draftOf('Call Zoë'));
  drafts.put('one', edit);
  expect(open().get().get('one')).toEqual(edit);
  expect(titles()).toEqual(['new: Call Zoë', 'one: Buy oat milk']);
  expect(titles(open('bob'))).toEqual([]);
  drafts.remove('one');
  expect(titles()).toEqual(['new: Call Zoë']);
  // An empty draft of a new task is not stored.
  drafts.put(NEW_TASK, draftOf(''));
  expect(titles()).toEqual([]);
});

test('other tabs show the draft of a new task, but not those of forms that are open elsewhere', () => {
  const [drafts, other] = [open(), open()];
  drafts.put(NEW_TASK, draftOf('Call Zoë'));
  drafts.put('one', edit);
  expect(titles(other)).toEqual(['new: Call Zoë']);
  drafts.remove(NEW_TASK);
  expect(titles(other)).toEqual([]);
});

test('clearing removes the drafts of the user that any tab has stored', () => {
  open('bob').put(NEW_TASK, draftOf('Bob’s own'));
  const drafts = open();
  open().put('one', edit);
  drafts.clear();
  expect(titles()).toEqual([]);
  expect(titles(open('bob'))).toEqual(['new: Bob’s own']);
});

test('drafts work without storage, until the page is closed', () => {
  profile.writeError = new Error('The storage is blocked');
  const drafts = open();
  drafts.put(NEW_TASK, draftOf('Call Zoë'));
  expect(titles(drafts)).toEqual(['new: Call Zoë']);
  expect(titles()).toEqual([]);
});

test.each(['', 'null', '{', '{"fields":null}', '{"fields":{"title":"x"},"task":{"id":1}}'])(
  'the stored text %j is ignored',
  (text) => {
    profile.entries.set('tasks:draft:ada:one', text);
    expect(titles()).toEqual([]);
  },
);

test('a stored draft without a newer field has an empty text for it', () => {
  profile.entries.set('tasks:draft:ada:new', '{"fields":{"title":"Call Zoë"}}');
  expect(open().get().get(NEW_TASK)).toEqual(draftOf('Call Zoë'));
});
