import type { ComposeInput } from '../manifest/build.ts';
import {
  findGitopsObjects,
  fluxFolder,
  isFluxKustomization,
  type GitopsObjects,
} from '../manifest/gitops/gitopsObjects.ts';
import { createImageUse } from '../manifest/imageReader.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import type { KubernetesObject } from '../manifest/manifest.ts';
import { locateScalar } from '../manifest/scalarLocation.ts';
import type { Location } from '../source/location.ts';
import { child, descend, entries, items, text } from '../source/tree.ts';

/** The value of a variable and where it stands. */
interface Variable {
  readonly value: string;
  readonly location: Location;
}

/** What a Flux Kustomization fills in for the files below a folder. */
interface Substitution {
  readonly file: string;
  readonly folder: string;
  readonly variables: ReadonlyMap<string, Variable>;
}

/** The images with variables that Flux fills in, and those that come out. */
interface Substituted {
  /** The composer's own images, as they are now. */
  readonly own: readonly ImageUse[];
  readonly made: readonly ImageUse[];
  readonly replaced: ReadonlySet<ImageUse>;
}

/**
 * Fills in `${NAME}`, `${NAME:-default}` and `${NAME:=default}` as `postBuild` of a Flux Kustomization does it for the files below
 * its path. An image with a variable that nobody knows stays unresolved.
 */
export function substituteUses(input: ComposeInput, own: readonly ImageUse[]): Substituted {
  const isOpen = (use: ImageUse): boolean => use.status === 'unresolved' && use.text.includes('${');
  const open = [...input.written, ...own].filter(isOpen);
  const substitutions = open.length === 0 ? [] : readSubstitutions(findGitopsObjects(input.files));
  const made: ImageUse[] = [];
  const filled = new Set<ImageUse>();
  for (const use of substitutions.length === 0 ? [] : open) {
    for (const substitution of substitutions) {
      const result = fillIn(use, substitution, input.substitutions);
      if (!result) continue;
      made.push(result);
      filled.add(use);
    }
  }
  const written = new Set(input.written);
  return {
    own: own.map((use) => (filled.has(use) ? { ...use, pulledBy: [] } : use)),
    made,
    replaced: new Set([...filled].filter((use) => written.has(use))),
  };
}

function fillIn(
  use: ImageUse,
  { file, folder, variables }: Substitution,
  substitutions: ReadonlyMap<string, string>,
): ImageUse | undefined {
  const isBelow = folder === '' || use.location.file.startsWith(`${folder}/`);
  if (!isBelow) return undefined;
  const known: Variable[] = [];
  // github.com/fluxcd/pkg/envsubst: a name is letters, digits and underscores.
  const image = use.text.replaceAll(
    /\$\{([A-Za-z_]\w*)(?::?[-=]([^{}]*))?\}/g,
    (written, name: string, otherwise?: string) => {
      const variable = variables.get(name);
      if (variable && (variable.value !== '' || otherwise === undefined)) {
        known.push(variable);
        return variable.value;
      }
      return otherwise ?? written;
    },
  );
  if (image === use.text) return undefined;
  const { status: _, reference: __, invalid: ___, ...place } = use;
  const { pulledBy, workload, ...found } = place;
  const [decisive] = known;
  const location = decisive?.location ?? use.location;
  const builtBy = [...(use.builtBy ?? []), file];
  const filled = createImageUse(
    { ...found, location, text: image, pulledBy, workload, builtBy },
    substitutions,
  );
  return filled.status === 'unresolved' ? undefined : filled;
}

function readSubstitutions({ objects, configMap }: GitopsObjects): readonly Substitution[] {
  return objects.filter(isFluxKustomization).flatMap((object) => {
    const postBuild = descend(object.root, 'spec', 'postBuild');
    const folder = fluxFolder(object);
    // Without postBuild nothing is filled in, not even what has a default.
    if (!postBuild || folder === undefined) return [];
    const variables = new Map<string, Variable>();
    for (const source of items(child(postBuild, 'substituteFrom'))) {
      const isConfigMap = text(child(source, 'kind')) === 'ConfigMap';
      const found = isConfigMap ? configMap(text(child(source, 'name')) ?? '') : undefined;
      if (found) addVariables(found, 'data', variables);
    }
    // What stands in the object itself wins.
    addVariables({ ...object, root: postBuild }, 'substitute', variables);
    return [{ file: object.document.file, folder, variables }];
  });
}

function addVariables(object: KubernetesObject, key: string, variables: Map<string, Variable>): void {
  for (const { key: name, value } of entries(child(object.root, key))) {
    if (value.kind === 'scalar')
      variables.set(name.text, { value: value.text, location: locateScalar(object, value) });
  }
}
