import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { openBody } from '../../../src/sandbox/body';
import {
  AuthError,
  type AuthFailure,
  readSignature,
  type SignedRequest,
  uriEncode,
} from '../../../src/sandbox/signature';
import { sha256, verifySignature } from '../../../src/sandbox/sigv4';

/** The worked examples of "Authenticating Requests (AWS Signature Version 4)", S3 API Reference. */
const credentials = {
  accountId: '111111111111',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  arn: 'arn:aws:iam::111111111111:user/example',
  userId: 'AIDAEXAMPLE',
};
const midnight = new Date('2013-05-24T00:00:00Z');
const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

function request(
  method: string,
  path: string,
  query: string,
  headers: Record<string, string>,
): SignedRequest {
  return {
    method,
    path,
    query,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
  };
}

function ranged(
  signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
): SignedRequest {
  return request('GET', '/test.txt', '', {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': sha256(''),
    'x-amz-date': '20130524T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=${signature}`,
  });
}

function presigned(
  signature = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
): SignedRequest {
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(scope)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`;
  return request('GET', '/test.txt', query, { host: 'examplebucket.s3.amazonaws.com' });
}

function verify(signed: SignedRequest, hash = sha256(''), now = midnight, owner: object = credentials) {
  return verifySignature(signed, readSignature(signed), { ...credentials, ...owner }, hash, now);
}

function refuses(failure: AuthFailure, attempt: () => unknown): void {
  assert.throws(attempt, (error) => error instanceof AuthError && error.failure === failure);
}

const at = (seconds: number): Date => new Date(midnight.getTime() + seconds * 1000);

describe('Signature Version 4', () => {
  it('accepts a signed header', () => void verify(ranged()));
  it('accepts a presigned URL', () => void verify(presigned(), 'UNSIGNED-PAYLOAD'));

  it('refuses what was changed after it was signed', () => {
    refuses('mismatch', () => verify({ ...ranged(), path: '/other.txt' }));
    refuses('mismatch', () => verify({ ...ranged(), method: 'DELETE' }));
    refuses('mismatch', () => verify({ ...ranged(), query: 'versionId=1' }));
    refuses('mismatch', () => verify(ranged(), sha256('other')));
    refuses('mismatch', () => verify(ranged('0'.repeat(64))));
    refuses('mismatch', () => verify(ranged('')));
    refuses('mismatch', () => verify(ranged(), sha256(''), midnight, { secretAccessKey: 'another' }));
  });

  it('refuses headers of AWS that the signature does not cover', () => {
    const signed = ranged();
    signed.headers.set('x-amz-acl', ['public-read']);
    refuses('unsigned-header', () => verify(signed));
  });

  it('takes requests of the last and the next 15 minutes', () => {
    verify(ranged(), sha256(''), at(900));
    verify(ranged(), sha256(''), at(-900));
    refuses('skewed', () => verify(ranged(), sha256(''), at(901)));
    refuses('skewed', () => verify(ranged(), sha256(''), at(-901)));
  });

  it('takes a presigned URL until it expires', () => {
    verify(presigned(), 'UNSIGNED-PAYLOAD', at(86400));
    refuses('expired-url', () => verify(presigned(), 'UNSIGNED-PAYLOAD', at(86401)));
  });

  it('takes temporary credentials with their token only, and only while they last', () => {
    const owner = { sessionToken: 'token', expiration: at(60).toISOString() };
    refuses('bad-token', () => verify(ranged(), sha256(''), midnight, owner));
    const signed = ranged();
    signed.headers.set('x-amz-security-token', ['token']);
    refuses('expired-token', () => verify(signed, sha256(''), at(61), owner));
    refuses('bad-token', () => verify(signed));
  });

  it('tells requests that are not signed from those signed another way', () => {
    refuses('missing', () => readSignature(request('GET', '/', '', { host: 'h' })));
    refuses('unsupported', () =>
      readSignature(request('GET', '/', '', { authorization: 'AWS key:signature' })),
    );
    refuses('unsupported', () => readSignature(request('GET', '/', 'AWSAccessKeyId=a&Signature=b', {})));
    refuses('malformed', () =>
      readSignature(request('GET', '/', '', { authorization: 'AWS4-HMAC-SHA256 x' })),
    );
    refuses('malformed-query', () => readSignature(request('GET', '/', 'X-Amz-Signature=a', {})));
  });

  it('never fails in another way, whatever the header says', () => {
    const part = fc.constantFrom(
      'AWS4-HMAC-SHA256 ',
      'Credential=',
      scope,
      ',',
      '=',
      'SignedHeaders=host',
      ';',
      'Signature=',
      'x',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.string(), (parts, query) => {
        const signed = request('GET', '/', query, {
          authorization: parts.join(''),
          'x-amz-date': '20130524T000000Z',
        });
        try {
          verify(signed);
        } catch (error) {
          assert.ok(error instanceof AuthError, String(error));
        }
      }),
    );
  });

  it('encodes as RFC 3986 does', () => {
    assert.equal(uriEncode("a b/~-_.!'()*ü"), 'a%20b%2F~-_.%21%27%28%29%2A%C3%BC');
  });
});

describe('a body in signed chunks', () => {
  const signed = request('PUT', '/examplebucket/chunkObject.txt', '', {
    host: 's3.amazonaws.com',
    'content-encoding': 'aws-chunked',
    'content-length': '66824',
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'x-amz-date': '20130524T000000Z',
    'x-amz-decoded-content-length': '66560',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9`,
  });
  const framed = [
    '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n',
    `${'a'.repeat(65536)}\r\n`,
    '400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n',
    `${'a'.repeat(1024)}\r\n`,
    '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
  ].join('');
  const hash = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
  const open = (text: string, length: number | undefined = 66560, cut = text.length) => {
    const pieces = [Buffer.from(text.slice(0, cut)), Buffer.from(text.slice(cut))];
    const source = Readable.from(pieces.filter((piece) => piece.length > 0));
    return buffer(openBody(source, hash, verify(signed, hash), length, new Map()));
  };

  it('comes out as it went in, wherever the network cut it', async () => {
    for (const cut of [1, 3, 84, 85, 90, 65620, 65625, framed.length - 3]) {
      assert.equal((await open(framed, 66560, cut)).toString(), 'a'.repeat(66560));
    }
  });

  it('is refused when a byte, a signature or the end is not the one signed', async () => {
    await assert.rejects(open(framed.replace('aaaa', 'aaba')), { failure: 'mismatch' });
    await assert.rejects(open(framed.replace('0055', '0056')), { failure: 'mismatch' });
    await assert.rejects(open(framed.slice(0, 65622)), { name: 'IncompleteBody' });
    await assert.rejects(open(framed.slice(0, 30_000)), { name: 'IncompleteBody' });
    await assert.rejects(open(framed, 66559), { name: 'IncompleteBody' });
    await assert.rejects(open(`zz\r\n${framed}`), { name: 'IncompleteBody' });
  });
});

describe('a body in unsigned chunks', () => {
  it('comes out as it went in, with the headers that trail it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 6 }),
        async (chunks) => {
          const frames = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']);
          const parts = [...frames, '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'].map((part) =>
            Buffer.from(part),
          );
          const trailers = new Map<string, string>();
          const signer = verify(ranged());
          const source = Readable.from(parts);
          const body = openBody(source, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', signer, undefined, trailers);
          assert.deepEqual(await buffer(body), Buffer.concat(chunks));
          assert.deepEqual([...trailers], [['x-amz-checksum-crc32', 'AAAAAA==']]);
        },
      ),
    );
  });
});
