import { withoutSecrets } from '../render/secretPlaceholder.ts';
import type { Location } from '../source/location.ts';
import type { DraftAuth, NodeDraft } from './nodeDraft.ts';
import { variableName } from '../source/variable.ts';

/** A secret of a node, and the name of the variable that stands for it. */
export interface NamedSecret {
  readonly name: string;
  /** Never printed. */
  readonly value: string;
  readonly host: string;
  readonly field: SecretField;
  /** The nodes that have it. */
  readonly nodes: string[];
  readonly location?: Location | undefined;
}

type SecretField = 'password' | 'auth' | 'identityToken';

const fields = ['password', 'auth', 'identityToken'] as const satisfies readonly SecretField[];

/** Gives each secret a name: equal ones of one host the same, and no two different ones the same. */
export class SecretNames {
  readonly #secrets = new Map<string, NamedSecret>();
  /** Names that stand in the node's own files: what they are for is not known. */
  readonly #foreign = new Set<string>();

  constructor(drafts: readonly NodeDraft[]) {
    for (const { configs } of drafts)
      for (const { auth } of configs.values())
        for (const field of fields) {
          const name = variableName(auth?.[field] ?? '');
          if (name !== undefined) this.#foreign.add(name);
        }
  }

  /** The secrets that were named, in the order of their first use. */
  get secrets(): readonly NamedSecret[] {
    return [...this.#secrets.values()];
  }

  /** A login with `${NAME}` in the place of each secret. */
  hide(auth: DraftAuth, host: string, node: string, location: Location | undefined): DraftAuth {
    const hidden = fields.flatMap((field) => {
      const value = auth[field];
      if (value === undefined) return [];
      const isVariable = variableName(value) !== undefined;
      const text = isVariable ? value : `\${${this.#nameFor(field, value, { host, node, location })}}`;
      return [[field, text] as const];
    });
    return { ...(auth.username !== undefined && { username: auth.username }), ...Object.fromEntries(hidden) };
  }

  #nameFor(
    field: SecretField,
    value: string,
    { host, node, location }: { host: string; node: string; location: Location | undefined },
  ): string {
    const base = baseName(host, field);
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base}_${number}`;
      const known = this.#secrets.get(name);
      if (this.#foreign.has(name)) continue;
      if (!known) {
        this.#secrets.set(name, { name, value, host, field, nodes: [node], location });
        return name;
      }
      if (known.host !== host || known.value !== value) continue;
      if (!known.nodes.includes(node)) known.nodes.push(node);
      return name;
    }
  }
}

/** The name that rendered files have for a secret too. */
function baseName(host: string, field: SecretField): string {
  const location = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  const hidden = withoutSecrets(host, { [field]: { value: 'x', location } });
  return variableName(hidden[field] ?? '') ?? 'SECRET';
}
