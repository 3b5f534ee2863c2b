import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** Everything that could go wrong in a page: markup, an end of the script, writing turned around, and a lot of it. */
export const hostileText = [
  '<img src=x onerror="document.title=1"><script>document.title=2</script></script><b>bold</b>',
  'txt.exe\u202Egpj.\u2066',
  'long '.repeat(2000),
].join(' ');

/** Other people and tools that work with the accounts of one sandbox. */
export class Others {
  /** @param program the command line's script, as it is shipped with the extension */
  constructor(
    private readonly sandboxHome: string,
    private readonly program: string,
  ) {}

  /** A colleague at a terminal; the command must succeed. */
  async colleague(...line: string[]): Promise<void> {
    const project = join(this.sandboxHome, 'project', 'warmstart.json');
    const child = spawn(process.execPath, [this.program, '--project', project, ...line], {
      env: {
        PATH: process.env.PATH,
        HOME: this.sandboxHome,
        AWS_CONFIG_FILE: join(this.sandboxHome, 'aws', 'config'),
        AWS_SHARED_CREDENTIALS_FILE: join(this.sandboxHome, 'no-credentials'),
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    const code = await new Promise((done) => child.once('close', done));
    assert.equal(code, 0, `warmstart ${line.join(' ')}: ${output}`);
  }

  /** Whoever wrote the project lets a candidate be worse by more than chance makes one, so that the story is always the same. */
  async loosenGates(): Promise<void> {
    const file = join(this.sandboxHome, 'project', 'warmstart.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(/("maxRegressionPercent":) 2\b/g, '$1 10'));
  }

  /** Somebody who may write to the registry's bucket adds {@link hostileText} to what an evaluation warns of. */
  async tamperWith(model: string): Promise<void> {
    const client = await this.training();
    const bucket = { Bucket: 'warmstart-sandbox-training' };
    const folder = `evaluations/flights/${model}/`;
    const { Contents } = await client.send(new ListObjectsV2Command({ ...bucket, Prefix: folder }));
    for (const { Key } of (Contents ?? []).filter((object) => object.Key?.endsWith('/evaluation.json'))) {
      const { Body } = await client.send(new GetObjectCommand({ ...bucket, Key }));
      const document = JSON.parse((await Body?.transformToString()) ?? '{}') as {
        warmstart: { warnings: string[]; gates: { reason: string }[] };
      };
      document.warmstart.warnings.push(hostileText);
      for (const gate of document.warmstart.gates) gate.reason = hostileText;
      await client.send(new PutObjectCommand({ ...bucket, Key, Body: JSON.stringify(document) }));
    }
    client.destroy();
  }

  private async training(): Promise<S3Client> {
    const config = await readFile(join(this.sandboxHome, 'aws', 'config'), 'utf8');
    const [, profile = ''] = config.split('[profile sandbox-training]');
    const setting = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(profile)?.[1] ?? '';
    return new S3Client({
      forcePathStyle: true,
      region: setting('region'),
      endpoint: setting('endpoint_url'),
      credentials: {
        accessKeyId: setting('aws_access_key_id'),
        secretAccessKey: setting('aws_secret_access_key'),
      },
    });
  }
}
