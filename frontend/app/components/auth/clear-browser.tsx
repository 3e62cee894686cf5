'use client';

import { useEffect } from 'react';
import { deleteOfflineCopy } from '../../lib/offline-copy.ts';
import { thisBrowser } from '../../lib/tasks/browser.ts';
import { clearSavedResponses } from '../../lib/tasks/saved-responses.ts';

/** Deletes what the browser has stored of a user whose session has ended, on the pages for the next user. */
export function ClearBrowser() {
  useEffect(() => {
    void clearSavedResponses(thisBrowser().values);
    void deleteOfflineCopy();
  }, []);
  return null;
}
