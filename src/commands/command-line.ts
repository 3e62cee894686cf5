import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { ConfigError } from '../errors/config-error.ts';

/** Values of the options and arguments of a command line. */
interface Arguments {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly positionals: readonly string[];
}

/** A command of `tasks-api`. */
interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The arguments, as the help shows them, such as `[user]`. Their number is the maximum. */
  readonly positionals?: readonly string[];
  /** The options that take a value, with their descriptions. */
  readonly options?: Readonly<Record<string, string>>;
  /** What the help says below the usage. */
  readonly details?: string;
  /** Imports the command and runs it, so that only its own modules are loaded. */
  readonly run: (args: Arguments) => Promise<void>;
}

/** Commands by name. */
export type Commands = Readonly<Record<string, Command>>;

/**
 * Runs the command of a command line, or prints help: of all commands without arguments, or of one with `--help`.
 *
 * @param program the name of the program in messages
 * @param args the command line without the program
 * @throws {ConfigError} with one line, when the command, an option or an argument is unknown
 */
export async function runCommandLine(
  program: string,
  commands: Commands,
  args: readonly string[],
): Promise<void> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === '-h') {
    process.stdout.write(helpOf(program, commands));
    return;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const names = Object.keys(commands).join(', ');
    throw new ConfigError(`${program}: unknown command "${name}"; choose one of ${names}`);
  }
  const parsed = parse(`${program} ${name}`, command, rest);
  if (parsed) await command.run(parsed);
  else process.stdout.write(helpOfCommand(`${program} ${name}`, command));
}

/** Returns undefined if the arguments contain `--help`. */
function parse(usage: string, command: Command, args: string[]): Arguments | undefined {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } };
  for (const name of Object.keys(command.options ?? {})) options[name] = { type: 'string' };
  const fail = (reason: string) =>
    new ConfigError(`${usage}: ${reason}; its arguments: ${usage} --help`);
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values['help'] === true) return undefined;
    const surplus = positionals[command.positionals?.length ?? 0];
    if (surplus !== undefined) throw fail(`unexpected argument "${surplus}"`);
    return { options: values as Arguments['options'], positionals };
  } catch (error) {
    if (error instanceof ConfigError || !(error instanceof Error)) throw error;
    // The first sentence; others are about arguments that begin with a hyphen.
    throw fail(error.message.split(/\.\s/)[0] ?? '');
  }
}

function helpOf(program: string, commands: Commands): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => row(name, summary));
  return `Usage: ${program} <command> [arguments]

${lines.join('\n')}

Help of a command: ${program} <command> --help
Settings are environment variables, or lines of the file .env in the working directory.
`;
}

function helpOfCommand(usage: string, command: Command): string {
  const { summary, details, positionals = [], options = {} } = command;
  const lines = Object.entries(options).map(([name, text]) => row(`--${name} …`, text));
  const words = [usage, ...(lines.length > 0 ? ['[options]'] : []), ...positionals];
  const parts = [`Usage: ${words.join(' ')}`, `${summary}.`, lines.join('\n'), details];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

const row = (name: string, text: string) => `  ${name.padEnd(16)} ${text}`;
