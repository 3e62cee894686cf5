import type { Commands } from './commands/command-line.ts';

const NODE_MAJOR = 24;

const commands: Commands = {
  serve: {
    summary: 'Applies pending migrations and serves the API until SIGTERM or SIGINT',
    details: `Important settings:
  PORT             the port to listen on (8000)
  DATABASE_URL     PostgreSQL 15 or newer; without it, an embedded PostgreSQL stores its data in DATA_DIR (.data)
  NODE_ENV         production requires DATABASE_URL, BETTER_AUTH_URL or BETTER_AUTH_SECRET, and CORS_ORIGINS
docs/configuration.md lists all settings.`,
    run: async () => (await import('./commands/serve.ts')).serve(),
  },
  migrate: {
    summary: 'Applies pending migrations to the database of DATABASE_URL, or to the embedded one',
    run: async () => (await import('./commands/migrate.ts')).migrate(),
  },
  token: {
    summary: 'Prints a development token that is valid for 24 hours, by default of the user demo',
    positionals: ['[user]'],
    details: 'It is signed with BETTER_AUTH_SECRET, or with the generated secret in DATA_DIR.',
    run: async ({ positionals }) =>
      (await import('./commands/token.ts')).printToken(positionals[0]),
  },
  'check-config': {
    summary: 'Checks the settings without starting anything; one line per mistake, exit code 1',
    run: async () => {
      (await import('./commands/check-config.ts')).checkConfig();
    },
  },
  bench: {
    summary: 'Measures a running service: creates, reads, lists, completes and deletes tasks',
    options: {
      url: 'the URL of the service (http://localhost:8000)',
      token: 'a token of the user whose tasks are used (a development token of a new user)',
      seconds: 'how long to measure (10)',
      connections: 'how many requests are sent at a time (10)',
    },
    details: 'Each task is deleted after its turn. Set RATE_LIMIT=0 on a service in production.',
    run: async ({ options }) => (await import('./commands/bench.ts')).bench(options),
  },
};

if (Number.parseInt(process.versions.node) < NODE_MAJOR) {
  process.stderr.write(
    `tasks-api: Node.js ${NODE_MAJOR} or newer is required, this is ${process.versions.node}; install it from https://nodejs.org\n`,
  );
  process.exitCode = 1;
} else {
  // Loaded after the check, because an older Node.js may not be able to load them.
  const { runCommand } = await import('./commands/run-command.ts');
  const { runCommandLine } = await import('./commands/command-line.ts');
  await runCommand(() => runCommandLine('tasks-api', commands, process.argv.slice(2)));
}
