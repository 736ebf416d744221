import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { holdsTemplate, isPlaceholder, substitute } from '../../src/manifest/placeholder.ts';
import { endsSoon } from '../support/endsSoon.ts';

describe('isPlaceholder', () => {
  const placeholders = [
    'IMAGE_NAME_PLACEHOLDER',
    'IMAGE_PLACEHOLDER:1.0',
    '${IMAGE}',
    'registry.example.com/app:${TAG}',
    'registry.example.com/app:${TAG:-latest}',
    '$(IMAGE)',
    '$IMAGE',
    '$REGISTRY/app:1.0',
    '{{ .Values.image }}',
    '{{ .Values.image.repository }}:{{ .Values.image.tag }}',
    '{{- include "app.image" . }}',
    '{{ image',
    '{% if x %}nginx{% endif %}',
    '{image}',
    'app:#{Build.BuildId}#',
    '((image))',
    '[[ image ]]',
    '<image_url>',
    '<YOUR-CONTAINER>',
    'gcr.io/<PROJECT ID>/app:v1',
    '%IMAGE%',
    '@IMAGE@',
    'registry.example.com/app:@VERSION@',
    '__IMAGE__',
    'app:__tag__',
    'app:IMAGE_TAG',
    'app:TAG',
    'app:VERSION',
    'app:GIT_SHA',
    'app:BUILD_NUMBER',
    'app@DIGEST',
    'app@sha256:DIGEST',
    'REGISTRY/app:1.0',
    'REGISTRY:PORT/app:1.0',
    'localhost:PORT/app',
    'YOUR-REGISTRY/app',
    'gcr.io/PROJECT_ID/app:1.0',
    'gcr.io/MY_TEAM/app:1.0',
    'gcr.io/team/IMAGE',
    'REPLACE_ME',
    'app:REPLACEME',
    'registry.example.com/CHANGEME:1.0',
    'app:CHANGE-ME',
    'TODO',
    'changeme',
    'replace-me:latest',
    'app:placeholder',
    'image-placeholder',
    'app:tbd',
    'auto',
    'controller:latest',
    'ko://example.com/cmd/app',
  ];
  for (const image of placeholders) {
    it(`finds one in ${image}`, () => {
      assert.equal(isPlaceholder(image), true);
    });
  }

  const images = [
    'nginx',
    'nginx:1.25',
    'adservice',
    'app:v1.2.3-rc.1_build.7',
    'app:LATEST',
    'app:RELEASE',
    'app:SNAPSHOT',
    'app:RELEASE.2022-02-01T18-00-14Z',
    'app:REL1_2_STABLE',
    'app:VERSION_2',
    'app:BUILD_42',
    'app:TAG1',
    'app:my__tag',
    'app:a__b__c',
    'app:auto',
    'auto:1.0',
    'team/auto',
    'team/placeholder:1.0',
    'registry.example.com/changeme:1.0',
    'my-placeholder-service:1.0',
    'todo:1.0',
    'your-registry.example.com/app:1.0',
    'localhost:5000/a/b/c:1.0',
    '[fd00::1]:5000/app:1.0',
    '10.10.1.106:5000/app@sha256:' + '0123456789abcdef'.repeat(4),
    'registry.k8s.io/pause:3.9',
    // Mistakes, which are reported as such.
    'registry.example.com/MyTeam/App:1.0',
    'docker.io/ACME/app:1.0',
    'https://registry.example.com/app',
    'nginx: 1.25',
    ' nginx',
    'app:',
    'app@sha256:123',
  ];
  for (const image of images) {
    it(`finds none in ${image}`, () => {
      assert.equal(isPlaceholder(image), false);
    });
  }

  it('comes to an end about any text', () => {
    for (const unit of ['_', '__a', '<', '%a', '@a', '{', '[', ':', '/', 'A_', '-'])
      endsSoon(() => isPlaceholder(unit.repeat(4_000_000)));
  });
});

describe('substitute', () => {
  const values = new Map([
    ['TAG', '1.4.2'],
    ['IMAGE_TAG', '2.0'],
    ['Values.image.tag', '3.0'],
    ['IMAGE_NAME_PLACEHOLDER', 'registry.example.com/app:1.0'],
    ['image url', 'quay.io/app'],
    ['LOOP', '${TAG}$&$1'],
    ['EMPTY', ''],
    ['app', 'wrong'],
  ]);

  const table: readonly [image: string, expected: string][] = [
    ['app:${TAG}', 'app:1.4.2'],
    ['app:${TAG:-latest}', 'app:1.4.2'],
    ['app:$(TAG)', 'app:1.4.2'],
    ['app:$TAG', 'app:1.4.2'],
    ['app:$TAG-alpine', 'app:1.4.2-alpine'],
    ['app:{{TAG}}', 'app:1.4.2'],
    ['app:{{ TAG }}', 'app:1.4.2'],
    ['app:{{- .Values.image.tag -}}', 'app:3.0'],
    ['app:{TAG}', 'app:1.4.2'],
    ['app:#{TAG}#', 'app:1.4.2'],
    ['app:((TAG))', 'app:1.4.2'],
    ['app:[[ TAG ]]', 'app:1.4.2'],
    ['app:<TAG>', 'app:1.4.2'],
    ['<image url>:1', 'quay.io/app:1'],
    ['app:%TAG%', 'app:1.4.2'],
    ['app:@TAG@', 'app:1.4.2'],
    ['app:__TAG__', 'app:1.4.2'],
    ['app:TAG', 'app:1.4.2'],
    ['app:IMAGE_TAG', 'app:2.0'],
    ['IMAGE_NAME_PLACEHOLDER', 'registry.example.com/app:1.0'],
    ['${TAG}/${TAG}:TAG', '1.4.2/1.4.2:1.4.2'],
    ['app:MYTAG', 'app:MYTAG'],
    ['app:TAG-1', 'app:TAG-1'],
    ['app:${OTHER}', 'app:${OTHER}'],
    ['app:$TAGS', 'app:$TAGS'],
    ['app:${LOOP}', 'app:${TAG}$&$1'],
    ['app${EMPTY}:1', 'app:1'],
    ['team/app:1', 'team/app:1'],
  ];
  for (const [image, expected] of table) {
    it(`makes ${expected} of ${image}`, () => {
      assert.equal(substitute(image, values), expected);
    });
  }

  it('leaves everything alone when nothing is known', () => {
    fc.assert(
      fc.property(fc.string(), (image) => {
        assert.equal(substitute(image, new Map()), image);
        assert.equal(substitute(image, new Map([['NAME THAT IS NOT THERE', 'x']])), image);
      }),
    );
  });
});

describe('holdsTemplate', () => {
  for (const text of ['a: {{ .Values.a }}', '{%- if a %}', '<% a %>', 'a: @TAG@', 'a: %TAG%']) {
    it(`sees one in ${text}`, () => assert.equal(holdsTemplate(text), true));
  }
  for (const text of ['a: {b: {c: d}}', 'a: ${TAG}', 'a: user@example.com', 'a: 5% of 10%']) {
    it(`sees none in ${text}`, () => assert.equal(holdsTemplate(text), false));
  }
});
