import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const [page = ''] = process.argv.slice(2);
// One less than the best: as small within 2 %, in half the time.
const params = { [constants.BROTLI_PARAM_QUALITY]: 10 };
writeFileSync(`${page}.br`, brotliCompressSync(readFileSync(page), { params }));
