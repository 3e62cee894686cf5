import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliDecompressSync, gzip } from 'node:zlib';
import { loadContract } from '../contract.ts';
import { CONTRACT, DOCUMENTATION } from '../files.ts';
import { contentSecurityPolicyOf } from './content-security-policy.ts';

/** The URL of the service in the contract and its examples. */
const DOCUMENTED_URL = 'http://localhost:8000';

/** A document with its encodings, ready to send. */
export interface PublicDocument {
  readonly type: string;
  readonly body: Buffer;
  /** The body by content coding, smallest first. */
  readonly encoded: ReadonlyMap<string, Buffer>;
  /** The opaque part of the strong ETag of the body. Each content coding appends its name. */
  readonly hash: string;
  readonly contentSecurityPolicy?: string;
}

/**
 * Reads and compresses the contract and the documentation, keyed by URL path. The page is omitted if it is not built.
 *
 * @param url the URL of the service in the examples
 * @param serverUrl the URL in `servers` of the contract; a relative one is relative to the URL of the contract
 * @throws when the contract cannot be read
 */
export async function loadDocuments(
  url: string,
  serverUrl = url,
  page = DOCUMENTATION,
): Promise<ReadonlyMap<string, PublicDocument>> {
  const withUrl = (text: string) => text.replaceAll(DOCUMENTED_URL, () => url);
  const yaml = readFileSync(CONTRACT, 'utf8').replace(
    `- url: ${DOCUMENTED_URL}`,
    () => `- url: ${serverUrl}`,
  );
  const json = JSON.stringify(loadContract()).replace(
    `"url":"${DOCUMENTED_URL}"`,
    () => `"url":"${serverUrl}"`,
  );
  const documents = new Map([
    ['/openapi.yaml', await toDocument('application/yaml', withUrl(yaml))],
    ['/openapi.json', await toDocument('application/json; charset=utf-8', withUrl(json))],
  ]);
  if (existsSync(page)) {
    const html = withUrl(readFileSync(page, 'utf8'));
    const document = await toDocument('text/html; charset=utf-8', html, brotliOf(html, page));
    documents.set('/docs', { ...document, contentSecurityPolicy: contentSecurityPolicyOf(html) });
  }
  return documents;
}

/** Reads the Brotli-compressed copy of the page if it is the same page. Compressing at start-up would take too long. */
function brotliOf(html: string, page: URL): Buffer | undefined {
  const file = new URL(`${page.href}.br`);
  const copy = existsSync(file) ? readFileSync(file) : undefined;
  return copy && brotliDecompressSync(copy).equals(Buffer.from(html)) ? copy : undefined;
}

async function toDocument(type: string, text: string, brotli?: Buffer): Promise<PublicDocument> {
  const body = Buffer.from(text);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const encoded = new Map(brotli && [['br', brotli]]).set('gzip', await promisify(gzip)(body));
  return { type, body, encoded, hash };
}
