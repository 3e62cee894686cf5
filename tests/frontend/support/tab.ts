import { InfiniteQueryObserver, QueryObserver, type QueryClient } from '@tanstack/react-query';
import type { Task } from '@tasks-api/client';
import { onTestFinished } from 'vitest';
import { createApiFetch } from '../../../frontend/app/lib/api/api-fetch.ts';
import { createServiceClient } from '../../../frontend/app/lib/api/service-client.ts';
import { createTokenSource } from '../../../frontend/app/lib/api/token.ts';
import type { Notice } from '../../../frontend/app/lib/notices.ts';
import { createTasksModel, type TasksModel } from '../../../frontend/app/lib/tasks/model.ts';
import { createQueryClient } from '../../../frontend/app/lib/tasks/query-client.ts';
import { countsOf, rowsOf, type Row } from '../../../frontend/app/lib/tasks/rows.ts';
import { DEFAULT_VIEW, type View } from '../../../frontend/app/lib/tasks/view.ts';
import { authEndpoint, type AuthEndpoint } from './auth-endpoint.ts';
import { BrowserProfile, type BrowserTab } from './browser-profile.ts';

/** A page of the application without its components: what they would get, from a real service. */
export interface Tab {
  readonly model: TasksModel;
  readonly queryClient: QueryClient;
  readonly browser: BrowserTab;
  readonly auth: AuthEndpoint;
  /** The notices that are shown. */
  readonly notices: readonly Notice[];
  /** How often the page has led to the sign-in. */
  readonly left: () => number;
  /** Shows a list, as a component that is there does; gives its rows of the moment. */
  show(view?: Partial<View>): Promise<() => readonly Row[]>;
  /** Shows the counts; gives those of the moment, pending and completed. */
  showCounts(): Promise<() => readonly [pending: number, completed: number]>;
  /** Holds the requests whose address has this text; gives what lets them go. */
  hold(text: string): () => void;
  close(): void;
}

/** Opens a tab for a user who is signed in; it is closed at the end of the test. */
export function openTab(serviceUrl: string, user: string, profile = new BrowserProfile()): Tab {
  const auth = authEndpoint(user);
  let left = 0;
  const leave = () => {
    left++;
  };
  const tokens = createTokenSource({
    fetch: auth.fetch,
    now: () => Date.now(),
    onSessionOver: leave,
  });
  tokens.begin(user);
  const pageUrl = 'http://localhost:3000/tasks';
  const held = new Map<string, Promise<undefined>>();
  const heldFetch: typeof fetch = async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    for (const [text, release] of held) if (address.includes(text)) await release;
    return fetch(input, init);
  };
  const apiFetch = createApiFetch({ serviceUrl, pageUrl, tokens, fetch: heldFetch });
  const client = createServiceClient({ baseUrl: serviceUrl, apiFetch, tokens });
  const queryClient = createQueryClient();
  const browser = profile.openTab();
  const notices: Notice[] = [];
  const notify = (notice: Notice) => {
    notices.push(notice);
    return () => {
      const at = notices.indexOf(notice);
      if (at < 0) return;
      notices.splice(at, 1);
      notice.onGone?.();
    };
  };
  const model = createTasksModel({
    ...{ userId: user, client, apiFetch, queryClient, notify, leave, browser },
  });
  const ends = [model.start()];
  const close = () => {
    for (const end of ends.splice(0)) end();
    queryClient.clear();
  };
  onTestFinished(close);

  const sources = () => ({ changes: model.changes.get(), unsent: model.unsent.items.get() });
  return {
    ...{ model, queryClient, browser, auth, notices, close },
    left: () => left,
    hold(text) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      held.set(text, promise);
      return () => {
        held.delete(text);
        resolve(undefined);
      };
    },
    async show(given) {
      const view = { ...DEFAULT_VIEW, ...given };
      const observer = new InfiniteQueryObserver(queryClient, model.readings.list(view));
      ends.push(observer.subscribe(() => undefined));
      await queryClient.infiniteQuery(model.readings.list(view)).catch(() => undefined);
      return () => {
        const pages = observer.getCurrentResult().data?.pages ?? [];
        return rowsOf(pages, sources(), view, model.changes.keyOf);
      };
    },
    async showCounts() {
      const observer = new QueryObserver(queryClient, model.readings.counts());
      ends.push(observer.subscribe(() => undefined));
      await queryClient.query(model.readings.counts()).catch(() => undefined);
      return () => {
        const { data } = observer.getCurrentResult();
        const counts = data && countsOf(data, sources());
        return [counts?.pending ?? NaN, counts?.completed ?? NaN];
      };
    },
  };
}

/** The titles of rows; those of unsent ones with their state. */
export function titlesOf(rows: readonly Row[]): string[] {
  return rows.map((row) =>
    row.kind === 'task' ? row.task.title : `${row.item.title} (${row.item.state})`,
  );
}

/** The task of a title. */
export function taskOf(rows: readonly Row[], title: string): Task {
  for (const row of rows) if (row.kind === 'task' && row.task.title === title) return row.task;
  throw new Error(`No task ${title}`);
}
