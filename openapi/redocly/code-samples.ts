import { existsSync, readFileSync } from 'node:fs';

const SAMPLES = new URL('../samples/', import.meta.url);

/** The languages of the samples, as the page names and colours them. */
const languages = [
  { extension: 'sh', lang: 'bash', label: 'curl' },
  { extension: 'ts', lang: 'typescript', label: 'TypeScript' },
];

interface Operation {
  readonly operationId: string;
  'x-codeSamples'?: { lang: string; label: string; source: string }[];
}

/**
 * A decorator that gives every operation its code samples, from the files of its name in openapi/samples. Other versions of
 * the contract may have operations without.
 */
export function codeSamples() {
  return {
    Operation: {
      leave(operation: Operation): void {
        operation['x-codeSamples'] = languages
          .map(({ extension, ...language }) => ({
            ...language,
            file: new URL(`${operation.operationId}.${extension}`, SAMPLES),
          }))
          .filter(({ file }) => existsSync(file))
          .map(({ file, ...language }) => ({
            ...language,
            source: readFileSync(file, 'utf8').trimEnd(),
          }));
      },
    },
  };
}
