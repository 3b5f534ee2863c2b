import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commonPrefixOf, endOfPrefix, type ListPage, listPage } from '../../../src/sandbox/s3/listing';
import { compareKeys, lowerBound } from '../../../src/sandbox/s3/names';
import type { Version } from '../../../src/sandbox/s3/records';
import { versionPage } from '../../../src/sandbox/s3/version-list';

const character = fc.constantFrom('a', 'b', '/', 'é', '\uffee', '😀', ' ');
const key = fc.string({ unit: character, minLength: 1, maxLength: 6 });
const keys = fc.uniqueArray(key, { maxLength: 40 }).map((list) => list.sort(compareKeys));
const prefix = fc.string({ unit: character, maxLength: 2 });
const delimiter = fc.constantFrom('', '/', 'a', 'é');
const maxKeys = fc.integer({ min: 1, max: 7 });

/** What S3 says a listing is, without pages: keys, and common prefixes each once, in order. */
function whole(sorted: string[], isListed: (key: string) => boolean, start: string, sep: string): string[] {
  const entries = sorted
    .filter((each) => each.startsWith(start) && isListed(each))
    .map((each) => commonPrefixOf(each, start, sep) ?? each);
  return [...new Set(entries)];
}

describe('the order of keys', () => {
  it('is that of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        assert.equal(Math.sign(compareKeys(a, b)), expected);
      }),
    );
    assert.ok(compareKeys('\uffee', '😀') < 0, 'UTF-16 would have it the other way round');
  });

  it('finds where a key is and where a prefix ends', () => {
    fc.assert(
      fc.property(keys, key, (sorted, wanted) => {
        const first = sorted.findIndex((each) => compareKeys(each, wanted) >= 0);
        assert.equal(lowerBound(sorted, wanted), first < 0 ? sorted.length : first);
        const after = sorted.findIndex((each) => compareKeys(each, wanted) > 0 && !each.startsWith(wanted));
        assert.equal(endOfPrefix(sorted, wanted), after < 0 ? sorted.length : after);
      }),
    );
  });
});

describe('pages of a listing', () => {
  it('together are the whole listing, each entry once, none longer than asked for', () => {
    fc.assert(
      fc.property(
        keys,
        prefix,
        delimiter,
        maxKeys,
        fc.func(fc.boolean()),
        (sorted, start, sep, max, isListed) => {
          const found: string[] = [];
          let position: ListPage['next'] = {};
          while (position) {
            const page = listPage(sorted, isListed, {
              prefix: start,
              delimiter: sep,
              maxKeys: max,
              ...position,
            });
            const entries = [...page.keys, ...page.commonPrefixes];
            assert.ok(entries.length <= max);
            assert.equal(page.truncated, page.next !== undefined);
            assert.ok(!page.truncated || entries.length === max, 'a page that is cut is full');
            found.push(...entries.sort(compareKeys));
            position = page.next;
          }
          assert.deepEqual(found, whole(sorted, isListed, start, sep));
        },
      ),
    );
  });

  it('start after the key asked for, which need not exist', () => {
    fc.assert(
      fc.property(keys, prefix, key, (sorted, start, after) => {
        const page = listPage(sorted, () => true, { prefix: start, delimiter: '', after, maxKeys: 1000 });
        const expected = sorted.filter((each) => each.startsWith(start) && compareKeys(each, after) > 0);
        assert.deepEqual(page.keys, expected);
      }),
    );
  });

  it('are empty and complete for max-keys 0', () => {
    const page = listPage(['a'], () => true, { prefix: '', delimiter: '', maxKeys: 0 });
    assert.deepEqual(page, { keys: [], commonPrefixes: [], truncated: false });
  });
});

describe('pages of versions', () => {
  const version = (name: string, id: number): Version => ({
    bucket: 'b',
    key: name,
    versionId: String(id),
    sequence: id,
    modified: '',
    size: 0,
    etag: '',
    blobs: [],
    headers: {},
    metadata: {},
    tags: {},
  });

  it('together are all versions, each once, newest first', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(keys, counts, prefix, delimiter, maxKeys, (sorted, sizes, start, sep, max) => {
        const versions = new Map(
          sorted.map((name, i) => [
            name,
            Array.from({ length: sizes[i] ?? 1 }, (_, n) => version(name, 9 - n)),
          ]),
        );
        const versionsOf = (name: string) => versions.get(name) ?? [];
        const found: string[] = [];
        let marker: { key: string; versionId?: string } | undefined = { key: '' };
        while (marker) {
          const page = versionPage(sorted, versionsOf, {
            prefix: start,
            delimiter: sep,
            keyMarker: marker.key,
            versionIdMarker: marker.versionId ?? '',
            maxKeys: max,
          });
          const entries = page.versions.map((each) => `${each.version.key}#${each.version.versionId}`);
          assert.ok(entries.length + page.commonPrefixes.length <= max);
          for (const each of page.versions) assert.equal(each.latest, each.version.versionId === '9');
          found.push(...entries, ...page.commonPrefixes);
          marker = page.next;
        }
        const expected = whole(sorted, () => true, start, sep).flatMap((entry) =>
          versions.has(entry) && commonPrefixOf(entry, start, sep) === undefined
            ? versionsOf(entry).map((each) => `${entry}#${each.versionId}`)
            : entry,
        );
        assert.deepEqual(found.sort(), expected.sort());
      }),
    );
  });
});
