// This file is at the top of src/, because the npm package has its code at the top of lib/.

/** The contract. */
export const CONTRACT = new URL('../openapi/tasks.yaml', import.meta.url);

/** The page that `make docs` builds, with a compressed copy (`.br`) next to it. */
export const DOCUMENTATION = new URL('../dist/docs/index.html', import.meta.url);

/** The directory of the database migrations. */
export const MIGRATIONS = new URL('db/migrations', import.meta.url);
