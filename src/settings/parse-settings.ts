import type { z } from 'zod';
import { ConfigError } from '../errors/config-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Validates settings from environment variables. An empty value counts as not set.
 *
 * @param crossChecks validates several settings together; returns a line per error, beginning with the setting's name
 * @throws {ConfigError} with one line per invalid or missing setting
 */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
  crossChecks: (given: Environment) => readonly string[],
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  const errors = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`),
    ...crossChecks(given),
  ];
  if (!parsed.success || errors.length > 0) throw new ConfigError(errors.join('\n'));
  return parsed.data;
}
