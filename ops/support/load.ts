import { setTimeout as sleep } from 'node:timers/promises';

/** Requests without a repetition, as of clients that send each one once. */
export interface Load {
  /** The number of requests that have ended. */
  sent(): number;
  /** Those without a response, or with an error, by their reason. */
  readonly failures: Map<string, number>;
  failed(): number;
  /** The titles of the tasks whose creation succeeded. */
  readonly created: Set<string>;
  /** Ends the load, after the requests that have been sent. */
  stop(): Promise<void>;
}

const PAUSE_MS = 20;

/** Lets clients create, read, list and complete tasks, until they are stopped. */
export function startLoad(url: string, tokens: readonly string[]): Load {
  const failures = new Map<string, number>();
  const created = new Set<string>();
  let sent = 0;
  let isStopping = false;

  const send = async (token: string, method: string, path: string, body?: object) => {
    try {
      const response = await fetch(url + path, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          ...(body && { 'Content-Type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const content = (await response.json()) as { id?: string; code?: string };
      if (response.ok) return content;
      throw new Error(
        `${method} ${path.split('/', 3).join('/')}: ${response.status} ${content.code ?? ''}`,
      );
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? `${method}: ${cause.message}` : message;
      failures.set(reason, (failures.get(reason) ?? 0) + 1);
      return undefined;
    } finally {
      sent++;
    }
  };
  const client = async (token: string, number: number) => {
    for (let turn = 0; !isStopping; turn++) {
      const title = `Task ${turn} of client ${number}`;
      const task = await send(token, 'POST', '/api/tasks', { title });
      if (task) created.add(title);
      await send(token, 'GET', '/api/tasks?limit=5');
      if (task?.id === undefined) continue;
      await send(token, 'GET', `/api/tasks/${task.id}`);
      await send(token, 'PATCH', `/api/tasks/${task.id}/complete`, { completed: true });
      await sleep(PAUSE_MS);
    }
  };
  const clients = Promise.all(tokens.map(client));
  return {
    sent: () => sent,
    failures,
    failed: () => [...failures.values()].reduce((sum, count) => sum + count, 0),
    created,
    stop: async () => {
      isStopping = true;
      await clients;
    },
  };
}
