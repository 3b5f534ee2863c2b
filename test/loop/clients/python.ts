import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { findPython, type Served, skipFor } from './served';

/** Programs of boto3; each is a suite of its own in Python, and says what failed. */
export function boto3Tests(served: Served): void {
  let python: string;

  before(async function () {
    python = (await findPython(served, 'boto3')) ?? skipFor(this, 'Python with boto3');
  });

  it('transfers, versions, waits and fails as with S3', () => served.python(python, 'boto3_s3.py'));
  it('does what the notebooks do, in their order', () => served.python(python, 'boto3_article.py'));
  it('waits, pages and fails as with SageMaker', () => served.python(python, 'boto3_calls.py'));
}

export function pandasTests(served: Served): void {
  it('reads both histories by the notebooks’ own lines', async function () {
    const python = (await findPython(served, 'pandas')) ?? skipFor(this, 'Python with pandas');
    const files = [];
    for (const Key of ['logs/tuningjobhistory.csv', 'flights/delay-atl/evaluationhistory.csv']) {
      const { Body } = await served.s3.send(new GetObjectCommand({ Bucket: served.bucket, Key }));
      const file = join(served.folder, Key.replaceAll('/', '-'));
      writeFileSync(file, (await Body?.transformToString()) ?? '');
      files.push(file);
    }
    await served.python(python, 'pandas_histories.py', ...files);
  });
}
