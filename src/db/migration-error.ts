import { ConfigError } from '../errors/config-error.ts';
import { codeOf } from './error-code.ts';

/** Where the migrations run. */
export interface Target {
  /** The first schema of the search_path that exists. */
  schema: string;
  role: string;
}

const INSUFFICIENT_PRIVILEGE = '42501';
/** A table, or another object, exists already. */
const DUPLICATES = ['42P07', '42710'];
const LOCK_NOT_AVAILABLE = '55P03';

const ORDER = /^Not run migration (\S+) is preceding already run migration (\S+)/;
/** If the list of applied migrations does not contain this one, it belongs to another application. */
const FIRST_MIGRATION = '0001_tasks';

/** Because `search_path` is `"$user", public` by default, a schema with the name of the role needs no other setting. */
const ownSchema = ({ role }: Target) =>
  `give the service a schema of its own, as an administrator: create schema authorization "${role}"`;

/**
 * Describes in one line why the migrations failed, and what to do.
 *
 * @param step such as `migration 0001_tasks`
 * @returns a `ConfigError` if the role or the database is not suitable
 */
export function migrationError(step: string, cause: unknown, target: Target): Error {
  const { role, schema } = target;
  const code = codeOf(cause);
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ');
  const invalid = (text: string) => new ConfigError(`DATABASE_URL: ${text}`, { cause });

  if (code === INSUFFICIENT_PRIVILEGE && message.startsWith('must be owner')) {
    return invalid(`${step} failed: ${message}; run make migrate once as its owner`);
  }
  if (code === INSUFFICIENT_PRIVILEGE) {
    return invalid(
      `role "${role}" may not create tables in schema "${schema}" (${message}); ${ownSchema(target)}`,
    );
  }
  const [, late, applied] = ORDER.exec(message) ?? [];
  if (late !== undefined && late !== FIRST_MIGRATION) {
    return invalid(
      `migration ${late} is missing, but the later migration ${applied ?? ''} of another version has been applied; use a version that contains both, with ${late} renumbered to be the last`,
    );
  }
  if (DUPLICATES.includes(code) || late !== undefined) {
    return invalid(
      `schema "${schema}" is used by another application (${message}); use another database, or ${ownSchema(target)}`,
    );
  }
  const reason = code === LOCK_NOT_AVAILABLE ? 'another process has held a lock for 60 s' : message;
  return new Error(`${step} failed: ${reason}`, { cause });
}
