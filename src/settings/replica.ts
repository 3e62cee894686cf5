import type { Environment } from './parse-settings.ts';

/**
 * The requirements of a read replica.
 *
 * @returns a line per error, with what to set
 */
export function replicaErrors(given: Environment): string[] {
  if (!given['DATABASE_READ_URL']) return [];
  const { NODE_ENV: mode, WORKERS: workers = '1' } = given;
  const errors: (string | false)[] = [
    !given['DATABASE_URL'] &&
      'DATABASE_READ_URL: requires DATABASE_URL, the URL of its primary server',
    (mode === 'production' || workers !== '1') &&
      !given['RATE_LIMIT_STORE'] &&
      'DATABASE_READ_URL: requires RATE_LIMIT_STORE in production and with several WORKERS, so that all processes know which users have written',
  ];
  return errors.filter((error) => typeof error === 'string');
}
