import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadContract } from '../../src/contract.ts';
import { httpFile } from './http-file.ts';
import { postmanCollection } from './postman.ts';
import { sampleRequests } from './requests.ts';

/** Writes the files with requests for other programs; with `--check`, fails if they are not up to date. */
const FOLDER = 'generated/requests';

const { title } = loadContract().info;
const requests = await sampleRequests();
const files = {
  [`${FOLDER}/tasks.postman_collection.json`]: postmanCollection(title, requests),
  [`${FOLDER}/tasks.http`]: httpFile(title, requests),
};

if (process.argv.includes('--check')) {
  for (const [file, content] of Object.entries(files)) {
    if (contentOf(file) === content) continue;
    process.stderr.write(`${file} is not up to date.\n`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(FOLDER, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(file, content);
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
