import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { createMatcher, joinImage, splitImage } from '../../src/kustomize/imageName.ts';
import { markImage, readMarks, removeMarks } from '../../src/kustomize/marks.ts';

const digest = `sha256:${'a'.repeat(64)}`;

const images = fc
  .record({
    host: fc.constantFrom('', 'localhost:5000/', 'registry.example.com/', 'a.b:443/c/'),
    name: fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,4})?$/),
    tag: fc.constantFrom('', ':1', ':v1.0-rc_2'),
    digest: fc.constantFrom('', `@${digest}`),
  })
  .map((parts) => parts.host + parts.name + parts.tag + parts.digest);

suite('images as kustomize takes them apart', () => {
  for (const [image, name, tag, digestPart] of [
    ['nginx', 'nginx', '', ''],
    ['nginx:1', 'nginx', '1', ''],
    ['localhost:5000/nginx', 'localhost:5000/nginx', '', ''],
    ['localhost:5000/nginx:1', 'localhost:5000/nginx', '1', ''],
    [`nginx@${digest}`, 'nginx', '', digest],
    [`a/nginx:1@${digest}`, 'a/nginx', '1', digest],
  ] as const) {
    test(image, () => assert.deepEqual(splitImage(image), { name, tag, digest: digestPart }));
  }

  test('and puts together again', () => {
    fc.assert(fc.property(images, (image) => assert.equal(joinImage(splitImage(image)), image)));
  });

  test('with marks, which are found in each part and can be taken away', () => {
    fc.assert(
      fc.property(images, fc.nat(100_000), (image, id) => {
        const marked = markImage(image, id);
        const { tag, digest: digestPart } = splitImage(image);
        assert.equal(removeMarks(marked), image);
        assert.deepEqual(readMarks(marked), {
          name: id,
          tag: tag === '' ? undefined : id,
          digest: digestPart === '' ? undefined : id,
        });
      }),
    );
  });
});

suite('the name of a rule', () => {
  for (const [name, image, isMatched] of [
    ['nginx', 'nginx', true],
    ['nginx', 'nginx:1.27', true],
    ['nginx', `nginx:1.27@${digest}`, true],
    ['nginx', 'library/nginx', false],
    ['nginx', 'nginx-unprivileged', false],
    ['docker.io/nginx', 'nginx', false],
    ['registry.example.com/app', 'registry-example.com/app:1', true],
    ['(a|b)/app', 'b/app:2', true],
    ['[', '[', false],
    ['nginx', 'nginx:$TAG', false],
  ] as const) {
    test(`\`${name}\` ${isMatched ? 'is for' : 'is not for'} ${image}`, () =>
      assert.equal(createMatcher(name)(image), isMatched));
  }
});
