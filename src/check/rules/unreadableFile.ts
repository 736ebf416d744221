import type { RepositoryFiles, SkippedPath } from '../../files/repositoryFiles.ts';
import { startOfFile } from '../../source/location.ts';
import type { Check } from '../check.ts';

export const unreadableFile: Check = {
  id: 'unreadable-file',
  severity: 'warning',
  summary: 'a file that cannot be read, so that nothing in it is checked',
  documentation:
    'What is larger than 8 MiB, no text, or not written in UTF-8 is not read, and neither is a symbolic link that leads out of ' +
    'the repository. Images may stand in it that nobody has checked. Save it as UTF-8, take it apart, or keep it out: ' +
    'what `.gitignore` names is not looked at unless it is committed, and `--manifests` (the input `manifests` of the Action) chooses the files.',
  *run({ files, discovery }) {
    const reasons = new Map<string, string>();
    for (const { path, reason } of [
      ...files.skipped,
      ...discovery.unreadable,
      ...unreadableNodeFiles(files),
    ]) {
      reasons.set(path, reason);
    }
    for (const [path, reason] of reasons) {
      yield { message: `\`${path}\` is not checked: it is ${reason}`, location: startOfFile(path) };
    }
  },
};

/** The files that configure containerd; no manifest is a TOML file. */
function unreadableNodeFiles(files: RepositoryFiles): SkippedPath[] {
  return files.paths.flatMap((path) => {
    const content = path.endsWith('.toml') ? files.read(path) : undefined;
    return content && 'unreadable' in content ? [{ path, reason: content.unreadable }] : [];
  });
}
