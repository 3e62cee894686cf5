import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliDecompressSync, gzip } from 'node:zlib';
import { CONTRACT, loadContract } from '../contract.ts';
import { policyOf } from './policy.ts';

/** What `make docs` builds, with a compressed copy beside it. */
const PAGE = new URL('../../dist/docs/index.html', import.meta.url);

/** A document as it is sent. */
export interface PublicDocument {
  readonly type: string;
  readonly body: Buffer;
  /** The body in its content codings, the smallest first. */
  readonly encoded: ReadonlyMap<string, Buffer>;
  /** A strong entity tag, without its quotes and without the coding. */
  readonly tag: string;
  /** The Content-Security-Policy that it needs, if any. */
  readonly policy?: string;
}

/**
 * Reads and compresses the contract and the documentation: by their paths. The page is left out when it is not built.
 *
 * @throws when the contract cannot be read
 */
export async function loadDocuments(page = PAGE): Promise<ReadonlyMap<string, PublicDocument>> {
  const yaml = readFileSync(CONTRACT, 'utf8');
  const json = JSON.stringify(loadContract());
  const documents = new Map([
    ['/openapi.yaml', await toDocument('application/yaml', yaml)],
    ['/openapi.json', await toDocument('application/json; charset=utf-8', json)],
  ]);
  if (existsSync(page)) {
    const html = readFileSync(page, 'utf8');
    const document = await toDocument('text/html; charset=utf-8', html, brotliOf(html, page));
    documents.set('/docs', { ...document, policy: policyOf(html) });
  }
  return documents;
}

/** The copy of a page that is compressed best, which takes too long for the start of the service; if it is up to date. */
function brotliOf(html: string, page: URL): Buffer | undefined {
  const file = new URL(`${page.href}.br`);
  const copy = existsSync(file) ? readFileSync(file) : undefined;
  return copy && brotliDecompressSync(copy).equals(Buffer.from(html)) ? copy : undefined;
}

async function toDocument(type: string, text: string, brotli?: Buffer): Promise<PublicDocument> {
  const body = Buffer.from(text);
  const tag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const encoded = new Map(brotli && [['br', brotli]]).set('gzip', await promisify(gzip)(body));
  return { type, body, encoded, tag };
}
