import { xmlDocument } from '../xml';
import { canonicalId } from './buckets';
import { checksumMembers } from './description';
import { commonPrefixOf } from './listing';
import { commonPrefixes, readList } from './lists';
import { compareKeys } from './names';
import type { Upload } from './records';
import { type Answer, integer, namespace, type S3Request, xmlAnswer } from './request';

export function listParts(request: S3Request): Answer {
  const { store, key } = request;
  const bucket = request.bucketFor('s3:ListMultipartUploadParts', key);
  const upload = store.uploads.find(bucket.name, key, request.query('uploadId') ?? '');
  const marker = integer('part-number-marker', request.query('part-number-marker'), 0, 10_000);
  const max = integer('max-parts', request.query('max-parts'), 1000, 1000);
  const left = store.uploads.partsOf(upload).filter((part) => part.number > marker);
  const page = left.slice(0, max);
  const truncated = left.length > page.length && max > 0;
  const owner = { ID: canonicalId(bucket.accountId) };
  return xmlAnswer(
    xmlDocument(
      'ListPartsResult',
      {
        Bucket: bucket.name,
        Key: key,
        UploadId: upload.id,
        Initiator: owner,
        Owner: owner,
        StorageClass: upload.headers['x-amz-storage-class'] ?? 'STANDARD',
        PartNumberMarker: marker,
        NextPartNumberMarker: page.at(-1)?.number ?? 0,
        MaxParts: max,
        IsTruncated: truncated,
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumType,
        Part: page.map((part) => ({
          PartNumber: part.number,
          LastModified: part.modified,
          ETag: `"${part.md5}"`,
          Size: part.size,
          ...{ ...checksumMembers(part.checksum), ChecksumType: undefined },
        })),
      },
      namespace,
    ),
  );
}

export function listMultipartUploads(request: S3Request): Answer {
  const { bucket, prefix, delimiter, encode } = readList(request, 's3:ListBucketMultipartUploads');
  const max = integer('max-uploads', request.query('max-uploads'), 1000, 1000);
  const keyMarker = request.query('key-marker') ?? '';
  const idMarker = request.query('upload-id-marker') ?? '';
  const uploads = request.store.uploads.of(bucket.name).filter(({ key }) => key.startsWith(prefix));
  const page = uploadPage(uploads, { prefix, delimiter, keyMarker, idMarker, max });
  return xmlAnswer(
    xmlDocument(
      'ListMultipartUploadsResult',
      {
        Bucket: bucket.name,
        KeyMarker: encode(keyMarker),
        UploadIdMarker: idMarker,
        NextKeyMarker: page.next && encode(page.next.key),
        NextUploadIdMarker: page.next?.id,
        Delimiter: delimiter ? encode(delimiter) : undefined,
        Prefix: encode(prefix),
        MaxUploads: max,
        EncodingType: request.query('encoding-type'),
        IsTruncated: page.next !== undefined,
        Upload: page.uploads.map((upload) => ({
          UploadId: upload.id,
          Key: encode(upload.key),
          Initiated: upload.initiated,
          StorageClass: upload.headers['x-amz-storage-class'] ?? 'STANDARD',
          Owner: { ID: canonicalId(bucket.accountId) },
          ChecksumAlgorithm: upload.checksumAlgorithm,
          ChecksumType: upload.checksumType,
        })),
        CommonPrefixes: commonPrefixes(page, encode),
      },
      namespace,
    ),
  );
}

interface UploadPage {
  uploads: Upload[];
  commonPrefixes: string[];
  /** Markers of the next page; when there is one. */
  next?: { key: string; id: string };
}

function uploadPage(
  sorted: readonly Upload[],
  list: { prefix: string; delimiter: string; keyMarker: string; idMarker: string; max: number },
): UploadPage {
  const page: UploadPage = { uploads: [], commonPrefixes: [] };
  let last = { key: '', id: '' };
  let resumed = list.idMarker === '';
  for (const upload of sorted) {
    const order = compareKeys(upload.key, list.keyMarker);
    if (list.keyMarker !== '' && order === 0 && !resumed) {
      resumed = upload.id === list.idMarker;
      continue;
    }
    if (list.keyMarker !== '' && (order < 0 || (order === 0 && list.idMarker === ''))) continue;
    const common = commonPrefixOf(upload.key, list.prefix, list.delimiter);
    if (common !== undefined && (common === list.keyMarker || page.commonPrefixes.includes(common))) continue;
    if (page.uploads.length + page.commonPrefixes.length >= list.max) {
      return list.max === 0 ? page : { ...page, next: last };
    }
    if (common === undefined) page.uploads.push(upload);
    else page.commonPrefixes.push(common);
    last = common === undefined ? { key: upload.key, id: upload.id } : { key: common, id: '' };
  }
  return page;
}
