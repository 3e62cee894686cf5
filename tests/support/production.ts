/** The settings that production requires. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  BETTER_AUTH_SECRET: 'a secret of the tests, and of nothing else',
  JWT_AUDIENCE: 'tasks',
  CORS_ORIGINS: 'https://app.example.com',
  DATABASE_URL: 'postgres://user:password@host:5432/database',
};
