import { QueryObserver, type QueryClient } from '@tanstack/react-query';
import type { Task } from '@tasks-api/client';
import { onTestFinished } from 'vitest';
import { createApiFetch } from '../../../frontend/app/lib/api/api-fetch.ts';
import { createServiceClient } from '../../../frontend/app/lib/api/service-client.ts';
import { createTokenSource } from '../../../frontend/app/lib/api/token.ts';
import type { Notice } from '../../../frontend/app/lib/notices.ts';
import { createTasksModel, type TasksModel } from '../../../frontend/app/lib/tasks/model.ts';
import type { TaskInput } from '../../../frontend/app/lib/tasks/task-input.ts';
import { createQueryClient } from '../../../frontend/app/lib/tasks/query-client.ts';
import { countsOf, rowsOf, type Row } from '../../../frontend/app/lib/tasks/rows.ts';
import { DEFAULT_VIEW, type View } from '../../../frontend/app/lib/tasks/view.ts';
import { authEndpoint, type AuthEndpoint } from './auth-endpoint.ts';
import { BrowserProfile, type BrowserTab } from './browser-profile.ts';

/** A page of the application without its components, with a real service. */
export interface Tab {
  readonly model: TasksModel;
  readonly queryClient: QueryClient;
  readonly browser: BrowserTab;
  readonly auth: AuthEndpoint;
  /** The open notices. */
  readonly notices: readonly Notice[];
  /** How often the page has redirected to the sign-in page. */
  readonly redirects: () => number;
  /**
   * Shows a list, as a mounted component does. Returns a function that returns its current rows.
   *
   * @param inView whether a page, by its index, is in view; all are by default
   */
  show(view?: Partial<View>, inView?: (page: number) => boolean): Promise<() => readonly Row[]>;
  /** Fetches the next page of a list. */
  showMore(view?: Partial<View>): Promise<void>;
  /** Shows the counts. Returns a function that returns the current ones, pending and completed. */
  showCounts(): Promise<() => readonly [pending: number, completed: number]>;
  /** Holds requests whose URL contains this text. Returns a function that releases them. */
  hold(text: string): () => void;
  close(): void;
}

/** Opens a tab for a signed-in user. It is closed at the end of the test. */
export function openTab(serviceUrl: string, user: string, profile = new BrowserProfile()): Tab {
  const auth = authEndpoint(user);
  let redirects = 0;
  const redirectToSignIn = () => {
    redirects++;
  };
  const tokens = createTokenSource({
    fetch: auth.fetch,
    now: () => Date.now(),
    onSessionEnded: redirectToSignIn,
  });
  tokens.begin(user);
  const pageUrl = 'http://localhost:3000/tasks';
  const held = new Map<string, Promise<undefined>>();
  const heldFetch: typeof fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    for (const [text, release] of held) if (url.includes(text)) await release;
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
      notice.onClose?.();
    };
  };
  const model = createTasksModel({
    ...{ userId: user, client, apiFetch, queryClient, notify, redirectToSignIn, browser },
  });
  const stops = [model.start()];
  const close = () => {
    for (const stop of stops.splice(0)) stop();
    queryClient.clear();
  };
  onTestFinished(close);

  const sources = () => ({ changes: model.changes.get(), unsent: model.unsent.items.get() });
  return {
    ...{ model, queryClient, browser, auth, notices, close },
    redirects: () => redirects,
    hold(text) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      held.set(text, promise);
      return () => {
        held.delete(text);
        resolve(undefined);
      };
    },
    async show(given, inView = () => true) {
      const view = { ...DEFAULT_VIEW, ...given };
      const pages = () =>
        model.queries.pages(view).cursors.map((cursor) => model.queries.page(view, cursor));
      const observers = new Map<string, { readonly update: (enabled: boolean) => void }>();
      const observe = () => {
        for (const [at, page] of pages().entries()) {
          const id = JSON.stringify(page.queryKey);
          const known = observers.get(id);
          if (known) known.update(inView(at));
          else {
            const observer = new QueryObserver(queryClient, { ...page, enabled: inView(at) });
            observers.set(id, {
              update(enabled) {
                observer.setOptions({ ...page, enabled });
              },
            });
            stops.push(observer.subscribe(observe));
          }
        }
      };
      observe();
      await queryClient.query(model.queries.page(view, null)).catch(() => undefined);
      return () => {
        const cached = pages().flatMap(({ queryKey }) => queryClient.getQueryData(queryKey) ?? []);
        return rowsOf(cached, sources(), view, model.changes.keyOf);
      };
    },
    async showMore(given) {
      const view = { ...DEFAULT_VIEW, ...given };
      const { next } = model.queries.pages(view);
      if (next !== null) await queryClient.query(model.queries.page(view, next));
    },
    async showCounts() {
      const observer = new QueryObserver(queryClient, model.queries.counts());
      stops.push(observer.subscribe(() => undefined));
      await queryClient.query(model.queries.counts()).catch(() => undefined);
      return () => {
        const { data } = observer.getCurrentResult();
        const counts = data && countsOf(data, sources());
        return [counts?.pending ?? NaN, counts?.completed ?? NaN];
      };
    },
  };
}

/** The input of a task with this title. */
export function input(title: string, description: string | null = null): TaskInput {
  return { title, description };
}

/** The titles of rows. Titles of unsent tasks have their state. */
export function titlesOf(rows: readonly Row[]): string[] {
  return rows.map((row) =>
    row.kind === 'task' ? row.task.title : `${row.item.title} (${row.item.state})`,
  );
}

/** The task with a title. */
export function taskOf(rows: readonly Row[], title: string): Task {
  for (const row of rows) if (row.kind === 'task' && row.task.title === title) return row.task;
  throw new Error(`No task ${title}`);
}
