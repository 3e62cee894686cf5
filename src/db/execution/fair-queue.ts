import { onGivenUp } from '../../deadlines/request-deadline.ts';
import { Problem } from '../../errors/problem.ts';

/** The part of the slots that one user can have at a time. The others do not wait for the slow statements of one user. */
const MAX_SHARE_OF_USER = 0.75;
const MAX_QUEUED_STATEMENTS = 1000;
const WAIT_TIMEOUT_MS = 2000;

interface Options<Slot> {
  /** What a statement needs to run; it has one to itself. */
  slots: readonly Slot[];
  /** How many slots a user can have at a time; by default three quarters of them. */
  maxPerUser?: number;
  /** How many statements may wait for a slot; by default 1000. */
  maxQueued?: number;
  /** How long a statement waits for a slot at most, in milliseconds; by default two seconds. */
  waitTimeoutMs?: number;
}

/** The user of the service's own statements, such as health checks: they are few, take precedence, and are never rejected. */
export const SERVICE = '';

export interface FairQueue<Slot> {
  /**
   * Runs a statement as soon as a slot is free. The users take turns: the statements of a user wait behind each other, and
   * not behind all statements of another user.
   *
   * @throws {Problem} unavailable, when the queue is full or closed, the wait times out, the deadline of the request passes or
   *   its client leaves; the statement then never runs
   * @throws what the statement throws
   */
  run<T>(userId: string, statement: (slot: Slot) => Promise<T>): Promise<T>;
  /** The numbers of running and of waiting statements. */
  use(): { readonly running: number; readonly waiting: number };
  /** Rejects waiting and future statements. Running ones continue. */
  close(): void;
}

interface Waiting<Slot> {
  resolve: (slot: Slot) => void;
  reject: (error: unknown) => void;
  stopTimer: () => void;
}

/** The statements of a user who has any. */
interface User<Slot> {
  running: number;
  /** In the order of their arrival. */
  readonly waiting: Set<Waiting<Slot>>;
}

/** Creates the queue of the statements of all users. */
export function createFairQueue<Slot>({
  slots,
  maxPerUser = Math.max(1, Math.floor(slots.length * MAX_SHARE_OF_USER)),
  maxQueued = MAX_QUEUED_STATEMENTS,
  waitTimeoutMs = WAIT_TIMEOUT_MS,
}: Options<Slot>): FairQueue<Slot> {
  const free = [...slots];
  const service: User<Slot> = { running: 0, waiting: new Set() };
  const users = new Map<string, User<Slot>>();
  /** The users with waiting statements, in the order of their turns. */
  const turns = new Set<User<Slot>>();
  let queued = 0;
  let closed = false;

  function acquire(user: User<Slot>): Slot | Promise<Slot> {
    if (closed) throw unavailable('the database is closed');
    const slot = user.running < maxPerUser ? free.pop() : undefined;
    if (slot !== undefined) {
      user.running++;
      return slot;
    }
    if (queued < maxQueued || user === service) return wait(user);
    throw unavailable(`${maxQueued} statements are already waiting for a connection`);
  }

  function wait(user: User<Slot>): Promise<Slot> {
    const { promise, resolve, reject } = Promise.withResolvers<Slot>();
    const stopTimer = onGivenUp((problem) => {
      remove(user, waiting);
      reject(problem);
    }, waitTimeoutMs);
    const waiting = { resolve, reject, stopTimer };
    user.waiting.add(waiting);
    turns.add(user);
    queued++;
    return promise;
  }

  function remove(user: User<Slot>, waiting: Waiting<Slot>): void {
    waiting.stopTimer();
    user.waiting.delete(waiting);
    if (user.waiting.size === 0) turns.delete(user);
    queued--;
  }

  /** Gives a slot to the user whose turn it is, and moves this user to the end of the queue. */
  function grant(slot: Slot): void {
    for (const user of service.waiting.size > 0 ? [service, ...turns] : turns) {
      const [first] = user.waiting;
      if (!first || user.running >= maxPerUser) continue;
      turns.delete(user);
      turns.add(user);
      remove(user, first);
      user.running++;
      first.resolve(slot);
      return;
    }
    free.push(slot);
  }

  return {
    run: async (userId, statement) => {
      let user = userId === SERVICE ? service : users.get(userId);
      if (!user) users.set(userId, (user = { running: 0, waiting: new Set() }));
      try {
        const slot = await acquire(user);
        try {
          return await statement(slot);
        } finally {
          user.running--;
          grant(slot);
        }
      } finally {
        if (user.running === 0 && user.waiting.size === 0) users.delete(userId);
      }
    },
    use: () => ({ running: slots.length - free.length, waiting: queued }),
    close: () => {
      closed = true;
      for (const user of turns) {
        for (const waiting of user.waiting) {
          remove(user, waiting);
          waiting.reject(unavailable('the database is closed'));
        }
      }
    },
  };
}

function unavailable(reason: string): Problem {
  return new Problem('unavailable', { cause: new Error(reason) });
}
