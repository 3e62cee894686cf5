import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, join, matchesGlob, relative, resolve } from 'node:path';
import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { Sandbox } from './sandbox.ts';

/** What a stage leaves: files below `root`, and how its container starts. */
export interface Image {
  readonly root: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The entry point and its arguments. */
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

interface Options {
  readonly file: string;
  /** The name of the last stage to build. */
  readonly target: string;
  readonly sandbox: Sandbox;
  readonly print: (text: string) => void;
}

/**
 * Runs the steps of a Dockerfile for a stage and the stages that it needs. The build context is the working directory. A path
 * such as `/app` is that path below the directory of the stage.
 *
 * @throws {Error} when a step fails, or an instruction is one that this program does not know
 */
export async function buildImage({ file, target, sandbox, print }: Options): Promise<Image> {
  const stages = stagesOf(await readFile(file, 'utf8'));
  const isExcluded = excluded(await readFile('.dockerignore', 'utf8'));
  const built = new Map<string, Promise<Image>>();
  const build = (name: string): Promise<Image> => {
    const image = built.get(name) ?? buildStage(name);
    built.set(name, image);
    return image;
  };

  const buildStage = async (name: string): Promise<Image> => {
    const { base = '', steps } = stages.get(name) ?? {};
    if (steps === undefined) throw new Error(`${file}: no stage ${name}`);
    const parent = stages.has(base) ? await build(base) : undefined;
    const root = await sandbox.createDirectory(name);
    if (parent) await sandbox.run(root, ['cp', '-a', `${parent.root}/.`, root]);
    const rooted = (path: string) => join(root, path);
    let { workingDirectory, environment, healthcheck } = parent
      ? { ...parent, workingDirectory: rooted(relative(parent.root, parent.workingDirectory)) }
      : { workingDirectory: root, environment: {}, healthcheck: [] as readonly string[] };
    let [entryPoint, args]: (readonly string[])[] = [[], []];

    for (const step of steps) {
      const keyword = step.getKeyword();
      const words = step.getArguments().map((argument) => argument.getValue());
      const text = step.getRawArgumentsContent() ?? '';
      if (['RUN', 'COPY'].includes(keyword)) print(`${name}: ${keyword} ${text.slice(0, 100)}`);
      switch (keyword) {
        case 'WORKDIR':
          workingDirectory = rooted(words[0] ?? '');
          await sandbox.run(root, ['mkdir', '-p', workingDirectory]);
          break;
        case 'ENV':
          environment = { ...environment, ...variables(words) };
          break;
        case 'RUN':
          await sandbox.run(workingDirectory, ['sh', '-c', text], environment);
          break;
        case 'COPY': {
          const from = /--from=(\S+)/.exec(step.getTextContent())?.[1];
          const source = from === undefined ? undefined : (await build(from)).root;
          await copy({ words, source, workingDirectory, isExcluded, sandbox });
          break;
        }
        case 'HEALTHCHECK':
          healthcheck = list(text.slice(text.indexOf('[')));
          break;
        case 'ENTRYPOINT':
          entryPoint = list(text);
          break;
        case 'CMD':
          args = list(text);
          break;
        case 'USER':
        case 'EXPOSE':
          break;
        default:
          throw new Error(`${file}: unknown instruction ${keyword}`);
      }
    }
    const [program = '', ...first] = entryPoint ?? [];
    const command = [
      program.startsWith('/') ? rooted(program) : program,
      ...first,
      ...(args ?? []),
    ];
    return { root, workingDirectory, environment, command, healthcheck };
  };
  return build(target);
}

interface Stage {
  readonly base: string;
  readonly steps: Instruction[];
}

function stagesOf(text: string): Map<string, Stage> {
  const stages = new Map<string, Stage>();
  let steps: Instruction[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const [base = '', , name = ''] = instruction.getArguments().map((word) => word.getValue());
      steps = [];
      stages.set(name, { base, steps });
    } else steps.push(instruction);
  }
  return stages;
}

interface Copy {
  readonly words: readonly string[];
  /** The root of a stage; undefined for the build context. */
  readonly source: string | undefined;
  readonly workingDirectory: string;
  readonly isExcluded: (path: string) => boolean;
  readonly sandbox: Sandbox;
}

async function copy(options: Copy): Promise<void> {
  const { words, source, workingDirectory, isExcluded, sandbox } = options;
  const destination = words.at(-1) ?? '';
  const target = resolve(workingDirectory, destination);
  for (const word of words.slice(0, -1)) {
    const from = source === undefined ? resolve(word) : join(source, word);
    const to = destination.endsWith('/') && word !== '.' ? join(target, basename(word)) : target;
    if (source === undefined) {
      const filter = (path: string) => !isExcluded(relative('.', path));
      await mkdir(join(to, '..'), { recursive: true });
      await cp(from, to, { recursive: true, verbatimSymlinks: true, filter });
      await sandbox.own(workingDirectory);
    } else {
      await sandbox.run(workingDirectory, ['mkdir', '-p', join(to, '..')]);
      await sandbox.run(workingDirectory, ['cp', '-a', from, to]);
    }
  }
}

/** The rules of .dockerignore: the last pattern that matches a path, or a directory above it, decides. */
function excluded(text: string): (path: string) => boolean {
  const patterns = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return (path) => {
    const parts = path.split('/');
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    return patterns.reduce((is, pattern) => {
      const negated = pattern.startsWith('!');
      const glob = pattern.slice(negated ? 1 : 0);
      const matches = path !== '' && paths.some((candidate) => matchesGlob(candidate, glob));
      return matches ? !negated : is;
    }, false);
  };
}

const variables = (words: readonly string[]) =>
  Object.fromEntries(words.map((word) => word.split('=', 2) as [string, string]));

/** The exec form of a command. */
const list = (text: string) => JSON.parse(text) as string[];
