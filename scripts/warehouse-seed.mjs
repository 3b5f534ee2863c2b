// Packs a freshly initialized PostgreSQL cluster for the sandbox's warehouse: loading it takes a fifth of initdb's time.
// Needed again only when PGlite moves to another major version of PostgreSQL.
import { writeFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

const db = await PGlite.create();
await db.exec('CHECKPOINT');
const tar = Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer());
await db.close();
const packed = brotliCompressSync(tar, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    // The three databases of a cluster are alike; a window over all of them stores one.
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: tar.length,
  },
});
await writeFile('media/sample/cluster.tar.br', packed);
console.log(`${packed.length} bytes.`);
