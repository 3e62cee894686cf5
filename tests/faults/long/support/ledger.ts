import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { administer } from '../../../support/server.ts';
import { loop, send } from './load.ts';

const CLIENTS = 20;
/** Between the writes of a client, in milliseconds. */
const PAUSE_MS = 40;
/** One write of so many is not repeated after an error response. */
const ABANDONED = 5;

interface Write {
  /** The task of the response, if it was a 201. */
  id?: string;
  /** The number of error responses, and of connections without a response. */
  errors: number;
}

export interface Audit {
  readonly writes: number;
  readonly errors: number;
  /** Writes whose 201 was received, and whose task is not stored. */
  readonly lost: number;
  /** Writes with several tasks. */
  readonly duplicated: number;
  /** Writes that were not repeated after an error response. */
  readonly abandoned: number;
  /** Those of them whose task is stored. */
  readonly afterError: number;
}

/** Creates tasks with idempotency keys, and keeps account of the responses. */
export function createLedger(name: string, token: string) {
  const writes = new Map<string, Write>();
  let done = 0;

  async function write(url: string, agent: Agent): Promise<void> {
    const title = `${name} ${writes.size}`;
    const isAbandoned = writes.size % ABANDONED === 0;
    const entry: Write = { errors: 0 };
    writes.set(title, entry);
    const headers = { 'Idempotency-Key': title.replaceAll(' ', '-') };
    do {
      const sent = await send(url, { token, agent, method: 'POST', body: { title }, headers });
      if (sent.status === 201) entry.id = (JSON.parse(sent.text) as { id: string }).id;
      else if (sent.status === 0 || sent.status === 503) entry.errors++;
      else throw new Error(`${sent.status}: ${sent.text}`);
      await sleep(PAUSE_MS);
    } while (entry.id === undefined && !isAbandoned);
    done++;
  }

  return {
    /** The number of writes that are done or abandoned. */
    done: () => done,
    /** Writes with several clients while the function returns true. */
    async fill(serviceUrl: string, goesOn: () => boolean): Promise<void> {
      const agent = new Agent({ keepAlive: true });
      await loop(CLIENTS, async () => {
        await write(`${serviceUrl}/api/tasks`, agent);
        return goesOn();
      });
      agent.destroy();
    },
    /** Compares the responses with the database. */
    async audit(databaseUrl: string): Promise<Audit> {
      const rows = await administer(
        databaseUrl,
        `select title, array_agg(id::text) as ids from tasks where title like '${name} %' group by title`,
      );
      const stored = new Map(rows.map(({ title, ids }) => [title as string, ids as string[]]));
      const all = [...writes].map(([title, entry]) => ({ ...entry, ids: stored.get(title) ?? [] }));
      const count = (matches: (entry: (typeof all)[number]) => boolean) =>
        all.filter(matches).length;
      return {
        writes: all.length,
        errors: all.reduce((sum, { errors }) => sum + errors, 0),
        lost: count(({ id, ids }) => id !== undefined && !ids.includes(id)),
        duplicated: count(({ ids }) => ids.length > 1),
        abandoned: count(({ id }) => id === undefined),
        afterError: count(({ id, ids }) => id === undefined && ids.length > 0),
      };
    },
  };
}
