import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openFolder } from '../../src/pipeline/openFolder.ts';
import { inNewFolder, makeRepository, openRepository } from '../support/gitRepository.ts';

const files = {
  '.gitignore': 'kustomize\nout/\n*.local.yaml\n',
  'a.yaml': '',
  'kustomize/base/pod.yaml': '',
  'kustomize/base/kept.local.yaml': '',
  'kept.local.yaml': '',
};

/** What nobody has committed. */
const untracked = {
  'kustomize/base/untracked.yaml': '',
  'out/made.yaml': '',
  'mine.local.yaml': '',
  'kustomize/other/untracked.yaml': '',
  'new.yaml': '',
};

describe('the files of a folder', () => {
  it('are those that are committed, whatever .gitignore says, and those that it does not name', async () => {
    await inNewFolder(async (folder) => {
      const repository = makeRepository(folder);
      repository.write(files);
      repository.commit();
      repository.write(untracked);
      assert.deepEqual((await openFolder(folder, [])).paths, [
        'a.yaml',
        'kept.local.yaml',
        'kustomize/base/kept.local.yaml',
        'kustomize/base/pod.yaml',
        'new.yaml',
      ]);
      assert.deepEqual((await openFolder(join(folder, 'kustomize'), [])).paths, [
        'base/kept.local.yaml',
        'base/pod.yaml',
        'base/untracked.yaml',
        'other/untracked.yaml',
      ]);
    });
  });

  it('are all that are there where no git repository is', async () => {
    await inNewFolder(async (folder) => {
      openRepository(folder).write({ ...files, ...untracked });
      const listed = Object.keys({ ...files, ...untracked }).filter((path) => path !== '.gitignore');
      assert.deepEqual((await openFolder(folder, [])).paths, listed.sort());
    });
  });

  it('are those that .gitignore does not name where git cannot read the repository', async () => {
    await inNewFolder(async (folder) => {
      openRepository(folder).write({ ...files, '.git/HEAD': 'ref: refs/heads/main\n', '.git/config': '[\n' });
      mkdirSync(join(folder, '.git/objects'));
      mkdirSync(join(folder, '.git/refs'));
      assert.deepEqual((await openFolder(folder, [])).paths, ['a.yaml']);
    });
  });
});
