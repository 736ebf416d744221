import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A git repository in a folder. */
export interface TestRepository {
  readonly folder: string;
  /** Runs git in it and returns what that prints, without the last line break. */
  git(...args: readonly string[]): string;
  /** Writes files; undefined removes one. */
  write(files: Readonly<Record<string, string | Buffer | undefined>>): void;
  /** Commits all that is in the folder. Returns the commit. */
  commit(): string;
}

/** Nothing of the machine's own settings decides what git does here. */
const environment = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'test',
  GIT_AUTHOR_EMAIL: 'test@example.net',
  GIT_COMMITTER_NAME: 'test',
  GIT_COMMITTER_EMAIL: 'test@example.net',
};

/** Makes a repository of a folder that is there. */
export function makeRepository(folder: string): TestRepository {
  const repository = openRepository(folder);
  repository.git('init', '--quiet', '--initial-branch=main');
  return repository;
}

/** The repository that is in a folder already. */
export function openRepository(folder: string): TestRepository {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, env: environment, encoding: 'utf8' }).replace(/\n$/, '');
  return {
    folder,
    git,
    write: (files) => {
      for (const [path, content] of Object.entries(files)) {
        if (content === undefined) {
          rmSync(join(folder, path));
          continue;
        }
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
    },
    commit: () => {
      git('add', '--all', '--force');
      git('commit', '--quiet', '--allow-empty', '--message', 'test');
      return git('rev-parse', 'HEAD');
    },
  };
}

/** Hands a new folder to `examine`, and removes it afterwards. */
export async function inNewFolder(examine: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'git-test-'));
  try {
    await examine(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
