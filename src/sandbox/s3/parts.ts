import { createHash } from 'node:crypto';
import { ServiceError } from '../service';
import { childrenNamed, malformedXml, parseXml, textOf } from '../xml';
import type { Blobs } from './blobs';
import { startChecksum } from './checksums';
import type { Checksum, Part, Upload } from './records';

/** Every part but the last has at least 5 MiB. Source: "Amazon S3 multipart upload limits". */
export const minPart = 5 * 1024 * 1024;

/**
 * The parts that a `<CompleteMultipartUpload>` document lists, in its order.
 * @param uploaded by part number
 * @throws ServiceError MalformedXML | InvalidPartOrder | InvalidPart | EntityTooSmall
 */
export function chosenParts(text: string, uploaded: readonly Part[]): Part[] {
  const listed = childrenNamed(parseXml(text, 'CompleteMultipartUpload'), 'Part');
  if (listed.length === 0) throw malformedXml();
  const byNumber = new Map(uploaded.map((part) => [part.number, part]));
  let previous = 0;
  const parts = listed.map((element) => {
    const number = Number(textOf(element, 'PartNumber'));
    const etag = textOf(element, 'ETag')?.replaceAll('"', '');
    if (!Number.isInteger(number) || etag === undefined) throw malformedXml();
    if (number <= previous) {
      throw new ServiceError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    }
    previous = number;
    const part = byNumber.get(number);
    const checksum = part?.checksum && textOf(element, `Checksum${part.checksum.algorithm}`);
    if (!part || part.md5 !== etag || (checksum !== undefined && checksum !== part.checksum?.value)) {
      throw new ServiceError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { PartNumber: number, ETag: etag },
      );
    }
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.size < minPart);
  if (small) {
    throw new ServiceError(
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
      400,
      { ProposedSize: small.size, MinSizeAllowed: minPart, PartNumber: small.number, ETag: small.md5 },
    );
  }
  return parts;
}

/** The entity tag of an object made of parts: the MD5 of their MD5s, then their number. */
export function objectEtag(parts: readonly Part[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(part.md5, 'hex');
  return `"${md5.digest('hex')}-${parts.length}"`;
}

/** The checksum of an object made of parts: of the parts' checksums, or of all its bytes. */
export async function objectChecksum(
  blobs: Blobs,
  upload: Upload,
  parts: readonly Part[],
): Promise<Checksum | undefined> {
  const { checksumAlgorithm: algorithm, checksumType: type } = upload;
  if (!algorithm || !type) return undefined;
  const running = startChecksum(algorithm);
  if (type === 'COMPOSITE') {
    for (const part of parts) running.update(Buffer.from(part.checksum?.value ?? '', 'base64'));
    return { algorithm, type, value: `${running.digest()}-${parts.length}` };
  }
  for await (const chunk of blobs.read(parts, 0, Number.POSITIVE_INFINITY)) running.update(chunk);
  return { algorithm, type, value: running.digest() };
}
