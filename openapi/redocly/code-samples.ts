import { existsSync, readFileSync } from 'node:fs';

const SAMPLES = new URL('../samples/', import.meta.url);

/** The languages of the code samples: file extension, language for highlighting, label on the page. */
const languages = [
  { extension: 'sh', lang: 'bash', label: 'curl' },
  { extension: 'ts', lang: 'typescript', label: 'TypeScript' },
];

interface Operation {
  readonly operationId: string;
  'x-codeSamples'?: { lang: string; label: string; source: string }[];
}

/**
 * A decorator that adds code samples to every operation, from the files in openapi/samples that have its operationId. An
 * operation without files gets none: other versions of the contract may have operations that have no samples here.
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
