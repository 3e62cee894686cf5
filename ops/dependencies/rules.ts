/** A package in package-lock.json. */
interface Package {
  readonly version?: string;
  readonly license?: string;
  /** Whether only development needs it. */
  readonly dev?: boolean;
  /** Whether it is a package of this repository. */
  readonly link?: boolean;
}

export interface Lockfile {
  /** By their folders. */
  readonly packages: Readonly<Record<string, Package>>;
}

/** The last version of a package that needs an update is the one before `fixed`. */
export type Advisories = Readonly<Record<string, { fixed: string; advisory: string }>>;

/** Licences (SPDX) that allow the use in a closed product without conditions for its own code. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
]);

const EXCEPTIONS: readonly { name: RegExp; licence: string | undefined; reason: string }[] = [
  {
    name: /^@img\/sharp-/,
    licence: 'LGPL-3.0-or-later',
    reason: 'libvips is loaded as a library, unchanged',
  },
  {
    name: /^(busboy|streamsearch)$/,
    licence: undefined,
    reason: 'MIT, in an old form of package.json',
  },
];

/** The installed packages that production needs. */
function productionPackages({ packages }: Lockfile) {
  return Object.entries(packages)
    .filter(([folder, { dev, link }]) => folder.includes('node_modules/') && !dev && !link)
    .map(([folder, { version = '', license }]) => ({
      name: folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
    }));
}

/** Returns the packages whose licence is not allowed: all licences of `A AND B` have to be, and one of `A OR B`. */
export function licenceErrors(lockfile: Lockfile): string[] {
  return productionPackages(lockfile)
    .filter(({ name, licence }) => {
      const isAllowed = (id: string | undefined) =>
        LICENCES.has(id ?? '') ||
        EXCEPTIONS.some((exception) => exception.name.test(name) && exception.licence === id);
      if (licence === undefined) return !isAllowed(licence);
      const alternatives = licence.replace(/^\((.*)\)$/, '$1').split(' OR ');
      return !alternatives.some((alternative) => alternative.split(' AND ').every(isAllowed));
    })
    .map(
      ({ name, version, licence = 'missing' }) => `${name} ${version}: the licence is ${licence}`,
    );
}

/** Returns the packages that are older than a version that fixes a vulnerability. */
export function advisoryErrors(lockfile: Lockfile, advisories: Advisories): string[] {
  return productionPackages(lockfile).flatMap(({ name, version }) => {
    const known = advisories[name];
    return known && version.localeCompare(known.fixed, 'en', { numeric: true }) < 0
      ? [
          `${name} ${version}: https://github.com/advisories/${known.advisory}, fixed in ${known.fixed}`,
        ]
      : [];
  });
}
