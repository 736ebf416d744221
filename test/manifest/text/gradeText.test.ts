import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseReference } from '../../../src/reference/parseReference.ts';
import { gradeText } from '../../../src/manifest/text/gradeText.ts';
import { hintOf, isNoPull, wordsOf } from '../../../src/manifest/text/names.ts';

describe('names', () => {
  it('say that a value is an image', () => {
    for (const name of [
      'image',
      'imageName',
      'IMAGE_NAME',
      'proxyImage',
      'SIDECAR_IMAGE',
      '--engine-image',
      'docker_image',
      'dockerimage',
      'imageRef',
      'RELATED_IMAGE_WEBHOOK',
      'operator.img',
      'vddk-init-image',
    ]) {
      assert.equal(hintOf(wordsOf(name)), 'image', name);
    }
  });

  it('say that the tag stands somewhere else', () => {
    for (const name of ['imageRepository', 'IMAGE_REPO', 'baseImage']) {
      assert.equal(hintOf(wordsOf(name)), 'repository', name);
    }
  });

  it('say nothing', () => {
    for (const name of [
      'imagePullPolicy',
      'imagePullSecrets',
      'IMAGE_TAG',
      'imageRegistry',
      'imageDigest',
      'image-gc-high-threshold',
      'imageFormat',
      'app',
      '',
      'imagine',
      'x'.repeat(1000),
    ]) {
      assert.equal(hintOf(wordsOf(name)), 'none', name);
    }
  });

  it('say that something is pushed', () => {
    assert.equal(isNoPull(wordsOf('--destination')), true);
    assert.equal(isNoPull(wordsOf('--cache-repo')), true);
    assert.equal(isNoPull(wordsOf('--support-bundle-manager-image')), false);
  });
});

describe('gradeText', () => {
  it('finds what is likely an image', () => {
    for (const text of ['nginx:1.27', 'redis:7', 'a/b@sha256:'.concat('0'.repeat(64)), 'ghcr.io/a/b']) {
      assert.equal(gradeText(text, 'image'), 'likely', text);
    }
    for (const text of [
      'quay.io/a/b:1',
      '10.10.1.106:5000/app:1',
      'localhost:5000/app:1',
      'registry.corp.example/a:1',
    ]) {
      assert.equal(gradeText(text, 'none'), 'likely', text);
    }
  });

  it('finds what may be one', () => {
    assert.equal(gradeText('nginx', 'image'), 'possible');
    assert.equal(gradeText('quay.io/a/b', 'repository'), 'possible');
    assert.equal(gradeText('example.com/a/b:1', 'none'), 'possible');
    assert.equal(gradeText('a/b:1', 'about images'), 'possible');
  });

  it('finds nothing in what is something else, whatever it is called', () => {
    for (const text of [
      '',
      'system:auth-delegator',
      '0.0.0.0:8443',
      'registry.example.com:5000',
      'frontend:8080',
      'https://example.com/a.png',
      'example.com/logo.png',
      'images/logo.svg',
      '12:30',
      `sha256:${'0'.repeat(64)}`,
      'docker-pullable://quay.io/a/b:1',
      'registry.example.com/*:1',
      'registry.example.com/*',
      'user:pass@host',
      '/var/run/docker.sock',
      '--flag',
      '{{ .Values.image }}',
      'a b',
      'x'.repeat(5000),
    ]) {
      assert.equal(gradeText(text, 'image'), undefined, text);
      assert.equal(gradeText(text, 'none'), undefined, text);
    }
  });

  it('finds nothing without a name and a registry', () => {
    for (const text of ['nginx:1.27', 'a/b:1', 'quay.io/a/b', 'replicate:3', 'redis:6379', 'key/value']) {
      assert.equal(gradeText(text, 'none'), undefined, text);
    }
  });

  it('never finds one in what containerd refuses', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'aB0.:/@_-*${} '.split('')), maxLength: 30 }),
        (text) => {
          if (!parseReference(text).ok) assert.equal(gradeText(text, 'image'), undefined);
        },
      ),
    );
  });
});
