/** What a token must allow for a repository. */
// containerd v2.3.4 core/remotes/docker/scope.go RepositoryScope
export function repositoryScope(repository: string): string {
  return `repository:${repository}:pull`;
}

/** The scopes of a request and those of a challenge, each once, in order. */
// containerd v2.3.4 core/remotes/docker/scope.go GetTokenScopes
export function tokenScopes(requested: readonly string[], challenged: readonly string[]): readonly string[] {
  return [...new Set([...requested, ...challenged])].sort(compareText);
}

// Go compares bytes, which orders texts as their code points do.
function compareText(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  for (const [index, code] of (left ?? []).entries()) {
    const other = right?.[index] ?? -1;
    if (code !== other) return code - other;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}
