import { WarmstartError } from '../errors';

export interface S3Location {
  bucket: string;
  /** Without a leading slash; empty for the whole bucket. */
  key: string;
}

export const s3Uri = (bucket: string, key: string): string => `s3://${bucket}/${key}`;

/** @throws WarmstartError `aws.s3-uri` */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri);
  if (!match?.[1])
    throw new WarmstartError('aws.s3-uri', `"${uri}" is no S3 URI.`, {
      kind: 'usage',
      remedy: 'Write it as s3://bucket/key.',
    });
  return { bucket: match[1], key: match[2] ?? '' };
}
