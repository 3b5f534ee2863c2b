import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Warehouse } from '../../src/project/schema';
import { manyRows, useExporting } from './exporting';
import { type Postgres, startPostgres } from './postgres';

/** A self-signed certificate for localhost; undefined on a machine without openssl. */
function selfSigned(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-tls-'));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-nodes', '-keyout', 'key.pem', '-out', 'cert.pem'];
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...files, ...subject], {
      cwd: folder,
      stdio: 'ignore',
    });
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
    return { key: key!, cert: cert! };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('an export over TLS', function () {
  this.timeout(60_000);
  const at = useExporting();
  let secure: Postgres | undefined;
  let authority: string;

  before(async function () {
    const made = selfSigned();
    if (!made) return this.skip();
    authority = made.cert;
    secure = await startPostgres(
      { ssl: 'on', ssl_key_file: '../key.pem', ssl_cert_file: '../cert.pem' },
      { 'key.pem': made.key, 'cert.pem': made.cert },
    );
  });

  after(() => secure?.stop());

  const over = (own: Partial<Warehouse>) => {
    writeFileSync(join(at.root, 'ca.pem'), authority);
    const base: Warehouse = { ...at.warehouse, host: 'localhost', port: secure?.port ?? 0 };
    return at.run(manyRows(2000), {}, { warehouse: Object.assign(base, own) });
  };

  it('encrypts without a look at the certificate', async () => {
    await over({ ssl: 'require' });
  });

  it('trusts the given authority', async () => {
    await over({ ssl: 'verify-full', sslRootCert: 'ca.pem' });
  });

  it('refuses the certificate of an unknown authority', async () => {
    await assert.rejects(over({ ssl: 'verify-full' }), { code: 'warehouse.tls', message: /not trusted/ });
  });

  it('refuses the certificate of another host', async () => {
    const other: Partial<Warehouse> = { ssl: 'verify-full', sslRootCert: 'ca.pem', host: '127.0.0.1' };
    await assert.rejects(over(other), { code: 'warehouse.tls' });
  });

  it('names a certificate that cannot be read', async () => {
    await assert.rejects(over({ ssl: 'verify-full', sslRootCert: 'none.pem' }), {
      code: 'warehouse.tls',
      message: /none\.pem/,
    });
  });
});
