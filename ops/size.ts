/** Lists the packages that the service needs at run time, largest first, and their size on disk. Of `make size`. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const LISTED = 10;

/** An entry of `packages` in package-lock.json, which is keyed by directory. */
interface Package {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, Package>>;
};

/** The directory of a dependency, as Node.js resolves it from another directory: '' is the project. */
function resolve(name: string, from: string): string | undefined {
  for (
    let directory = from;
    ;
    directory = directory.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')
  ) {
    const candidate = join(directory, 'node_modules', name);
    if (packages[candidate]) return candidate;
    if (directory === '') return undefined;
  }
}

/** The directories of all dependencies of the project, without optional ones. */
function productionPackages(): string[] {
  const found = new Set<string>(['']);
  // The set grows while it is iterated.
  for (const directory of found) {
    const {
      dependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = packages[directory] ?? {};
    const peers = Object.keys(peerDependencies).filter(
      (name) => !peerDependenciesMeta[name]?.optional,
    );
    for (const name of [...Object.keys(dependencies), ...peers]) {
      const dependency = resolve(name, directory);
      if (dependency !== undefined) found.add(dependency);
    }
  }
  found.delete('');
  return [...found];
}

/** Bytes that the files of a package occupy on disk, without the packages below it. */
async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? 0 : sizeOf(path);
    return (await stat(path)).blocks * 512;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const megabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1).padStart(6)} MB`;

const sizes = await Promise.all(
  productionPackages().map(async (directory) => ({ directory, size: await sizeOf(directory) })),
);
sizes.sort((one, other) => other.size - one.size);
const total = (list: typeof sizes) => list.reduce((sum, { size }) => sum + size, 0);
const others = sizes.slice(LISTED);
const lines = [
  ...sizes.slice(0, LISTED).map(({ directory, size }) => {
    const version = packages[directory]?.version ?? '';
    return `${megabytes(size)}  ${directory.replace('node_modules/', '')} ${version}`;
  }),
  `${megabytes(total(others))}  ${others.length} other packages`,
  `${megabytes(total(sizes))}  in all`,
];
process.stdout.write(`${lines.join('\n')}\n`);
