import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pemBlocks, tlsFilesError } from '../../src/resolver/tlsFiles.ts';

function block(label: string): string {
  return `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
}

describe('pemBlocks', () => {
  test('names the blocks of a file', () => {
    assert.deepEqual(pemBlocks(`text\n${block('CERTIFICATE')}${block('RSA PRIVATE KEY')}`), [
      'CERTIFICATE',
      'RSA PRIVATE KEY',
    ]);
    assert.deepEqual(pemBlocks('-----BEGIN CERTIFICATE-----\nAAAA\n'), []);
    assert.deepEqual(pemBlocks('hello'), []);
  });
});

describe('tlsFilesError', () => {
  const error = (cert: readonly string[], key: readonly string[]): string | undefined => {
    const files = new Map([
      ['/cert', { kind: 'file' as const, blocks: cert }],
      ['/key', { kind: 'file' as const, blocks: key }],
    ]);
    return tlsFilesError([], [{ cert: '/cert', key: '/key' }], (path) => files.get(path));
  };

  test('says in the words of Go what is wrong with a pair', () => {
    assert.equal(error(['CERTIFICATE'], ['EC PRIVATE KEY']), undefined);
    assert.match(error([], ['PRIVATE KEY']) ?? '', /failed to find any PEM data in certificate input$/);
    assert.match(error(['PRIVATE KEY'], ['CERTIFICATE']) ?? '', /PEM inputs may have been switched$/);
    assert.match(error(['X509 CRL'], ['PRIVATE KEY']) ?? '', /following types: \[X509 CRL\]$/);
    assert.match(error(['CERTIFICATE'], []) ?? '', /failed to find any PEM data in key input$/);
    assert.match(error(['CERTIFICATE'], ['CERTIFICATE']) ?? '', /found a certificate rather than a key/);
    assert.match(error(['CERTIFICATE'], ['CERTIFICATE', 'X']) ?? '', /following types: \[CERTIFICATE X\]$/);
  });

  test('takes a file of which nothing is known to be in order', () => {
    assert.equal(
      tlsFilesError(['/ca'], [{ cert: '/a' }], () => undefined),
      undefined,
    );
  });
});
