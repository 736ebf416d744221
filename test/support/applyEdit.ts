import type { RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import type { TextEdit } from '../../src/source/fix.ts';
import type { Position } from '../../src/source/location.ts';

/** The files with one edit made. */
export function applyEdit(files: RepositoryFiles, { location, replacement }: TextEdit): RepositoryFiles {
  const content = files.read(location.file);
  if (!content || !('text' in content)) throw new Error(`There is no text in ${location.file}`);
  const before = content.text.slice(0, offsetOf(content.text, location.start));
  const after = content.text.slice(offsetOf(content.text, location.end));
  const text = before + replacement + after;
  return { ...files, read: (path) => (path === location.file ? { text } : files.read(path)) };
}

function offsetOf(text: string, { line, column }: Position): number {
  const linesBefore = text.split('\n').slice(0, line - 1);
  return linesBefore.reduce((offset, { length }) => offset + length + 1, column - 1);
}
