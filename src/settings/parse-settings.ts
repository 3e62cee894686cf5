import type { z } from 'zod';
import { ConfigError } from '../errors/config-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses settings from environment variables. An empty value counts as not set.
 *
 * @param mistakesOf rules that span several settings: returns a line per mistake, each beginning with the setting's name
 * @throws {ConfigError} with a line for each setting that is wrong or missing
 */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
  mistakesOf: (given: Environment) => readonly string[],
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  const mistakes = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`),
    ...mistakesOf(given),
  ];
  if (!parsed.success || mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));
  return parsed.data;
}
