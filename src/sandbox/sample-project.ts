import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import type { Bucket } from './s3/records';

/** The buckets that the sample project names: one an account, versioned; the registry's is readable by the others. */
export function sampleBuckets(now: Date): Bucket[] {
  const bucket = (name: string, accountId: string, policy?: object): Bucket => ({
    name: `warmstart-sandbox-${name}`,
    accountId,
    region: 'us-east-1',
    created: now.toISOString(),
    versioning: 'Enabled',
    ...(policy ? { policy: JSON.stringify(policy) } : {}),
  });
  return [
    bucket('training', '111111111111', artifactPolicy()),
    bucket('qa', '222222222222'),
    bucket('production', '333333333333'),
  ];
}

/** What a release in another account needs of the registry's bucket: to read artifacts, and nothing else. */
function artifactPolicy(): object {
  const Principal = { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::333333333333:root'] };
  const arn = 'arn:aws:s3:::warmstart-sandbox-training';
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal,
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: `${arn}/output/*`,
      },
      { Effect: 'Allow', Principal, Action: 's3:ListBucket', Resource: arn },
    ],
  };
}

/**
 * Lays out the sample project at `<home>/project`, or leaves the one that is there, and points it at the warehouse.
 * @returns the path of its `warmstart.json`
 */
export function layOutProject(home: string, sample: string, warehousePort: number): string {
  const folder = join(home, 'project');
  const file = join(folder, 'warmstart.json');
  if (!existsSync(file)) cpSync(join(sample, 'project'), folder, { recursive: true });
  const text = readFileSync(file, 'utf8');
  // An edit, not a rewrite: comments and changes that a person made in the project stay.
  writeFileSync(file, applyEdits(text, modify(text, ['warehouse', 'port'], warehousePort, {})));
  return file;
}
