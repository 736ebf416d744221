import { folderPath } from '../files/folderPath.ts';
import { argoSources, type ArgoSource } from '../manifest/gitops/argoSources.ts';
import { createImageUse, type ImageReader } from '../manifest/imageReader.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { groupOf, type KubernetesObject } from '../manifest/manifest.ts';
import { locateScalar } from '../manifest/scalarLocation.ts';
import { child, descend, entries, items, text, type TreeNode } from '../source/tree.ts';
import { readValueUses } from './chartValueUses.ts';
import { yamlOfDottedKeys, type DottedValue } from './dottedKeys.ts';
import { yamlInString, yamlPart, type YamlText } from './yamlText.ts';

/** A chart that an object installs, and the values that it gives it. */
export interface ChartInstall {
  readonly object: KubernetesObject;
  readonly name: string;
  readonly namespace: string | undefined;
  /** The folder of the repository that the chart would be in, if the source is this repository. */
  readonly folder: string | undefined;
  /** Files of values by their paths from the root, the later ones win. Those that are not known to be in the repository are left out. */
  readonly valueFiles: readonly string[];
  /** ConfigMaps with values. */
  readonly configMaps: readonly ValuesSource[];
  /** Values in the object, the later ones win. */
  readonly values: readonly InlineValues[];
}

/** A ConfigMap and the key that has the values. */
export interface ValuesSource {
  readonly name: string;
  readonly key: string;
}

/** Values that an object holds. */
export interface InlineValues {
  readonly yaml: YamlText;
  /** Path of the values in the object. */
  readonly path: string;
}

type InstallReader = (object: KubernetesObject) => readonly ChartInstall[];

/** The kinds that install charts. */
const installKinds: ReadonlyMap<string, { readonly group: string; readonly read: InstallReader }> = new Map([
  ['HelmRelease', { group: 'helm.toolkit.fluxcd.io', read: readHelmRelease }],
  ['HelmChart', { group: 'helm.cattle.io', read: readK3sChart }],
  ['HelmChartConfig', { group: 'helm.cattle.io', read: readK3sChart }],
  ['Application', { group: 'argoproj.io', read: readArgoSources }],
  ['ApplicationSet', { group: 'argoproj.io', read: readArgoSources }],
]);

/** True for a kind that can install a chart. */
export function isInstallKind(kind: string): boolean {
  return installKinds.has(kind);
}

/** The charts that an object installs. */
export function readInstalls(object: KubernetesObject): readonly ChartInstall[] {
  const kind = installKinds.get(object.kind);
  return kind?.group === groupOf(object) ? kind.read(object) : [];
}

/** The images in the objects that install charts: in the values that they give, and what they name themselves. */
export const readInstallImages: ImageReader = (manifest, substitutions) =>
  manifest.objects.flatMap((object) => {
    const installs = readInstalls(object);
    if (installs.length === 0) return [];
    const values = installs.flatMap((install) => install.values);
    return [
      ...values.flatMap(({ yaml, path }) => readValueUses(yaml, { prefix: `${path}.`, substitutions })),
      ...readJobImage(object, substitutions),
    ];
  });

function readHelmRelease(object: KubernetesObject): readonly ChartInstall[] {
  const spec = child(object.root, 'spec');
  const chart = descend(spec, 'chart', 'spec');
  const isInGit = ['GitRepository', 'Bucket'].includes(text(descend(chart, 'sourceRef', 'kind')) ?? '');
  const path = text(child(chart, 'chart'));
  return [
    {
      object,
      name: text(child(spec, 'releaseName')) ?? nameOf(object),
      namespace: text(child(spec, 'targetNamespace')) ?? namespaceOf(object),
      folder: isInGit && path !== undefined ? folderPath(path) : undefined,
      valueFiles: items(child(chart, 'valuesFiles')).flatMap((file) => folderPath(text(file) ?? '') ?? []),
      configMaps: items(child(spec, 'valuesFrom')).flatMap(readValuesSource),
      values: mappingValues(object, child(spec, 'values'), 'spec.values'),
    },
  ];
}

function readValuesSource(source: TreeNode): readonly ValuesSource[] {
  const name = text(child(source, 'name'));
  // With a target path the key has one value, and no YAML.
  const isYaml = text(child(source, 'kind')) === 'ConfigMap' && child(source, 'targetPath') === undefined;
  return name !== undefined && isYaml
    ? [{ name, key: text(child(source, 'valuesKey')) ?? 'values.yaml' }]
    : [];
}

function readK3sChart(object: KubernetesObject): readonly ChartInstall[] {
  const spec = child(object.root, 'spec');
  return [
    {
      object,
      name: nameOf(object),
      namespace: text(child(spec, 'targetNamespace')) ?? namespaceOf(object),
      folder: undefined,
      valueFiles: [],
      configMaps: [],
      values: [
        ...mappingValues(object, child(spec, 'values'), 'spec.values'),
        ...stringValues(object, child(spec, 'valuesContent'), 'spec.valuesContent'),
        ...dottedValues(object, setEntries(child(spec, 'set')), 'spec.set'),
      ],
    },
  ];
}

function setEntries(set: TreeNode | undefined): readonly DottedValue[] {
  return entries(set).flatMap(({ key, value }) => (value.kind === 'scalar' ? { key: key.text, value } : []));
}

function readArgoSources(object: KubernetesObject): readonly ChartInstall[] {
  return argoSources(object).map((source) => readArgoSource(object, source));
}

function readArgoSource(
  object: KubernetesObject,
  { source, at, folder, namespace }: ArgoSource,
): ChartInstall {
  const helm = child(source, 'helm');
  const parameters = items(child(helm, 'parameters')).flatMap((parameter): readonly DottedValue[] => {
    const name = text(child(parameter, 'name'));
    const value = child(parameter, 'value');
    return name !== undefined && value?.kind === 'scalar' ? [{ key: name, value }] : [];
  });
  return {
    object,
    name: text(child(helm, 'releaseName')) ?? nameOf(object),
    namespace,
    folder,
    valueFiles: items(child(helm, 'valueFiles')).flatMap(
      (file) => argoValueFile(text(file) ?? '', folder) ?? [],
    ),
    configMaps: [],
    values: [
      ...stringValues(object, child(helm, 'values'), `${at}.helm.values`),
      ...mappingValues(object, child(helm, 'valuesObject'), `${at}.helm.valuesObject`),
      ...dottedValues(object, parameters, `${at}.helm.parameters`),
    ],
  };
}

/** `$values/path/from/the/root.yaml` of another source, or a path from the folder of the chart. */
function argoValueFile(file: string, folder: string | undefined): string | undefined {
  if (file === '' || /^[a-z]+:\/\/|\{\{/.test(file)) return undefined;
  if (file.startsWith('$')) return folderPath(file.replace(/^\$[^/]*\//, ''));
  if (file.startsWith('/')) return folderPath(file);
  return folder === undefined ? undefined : folderPath(`${folder}/${file}`);
}

/** The image of the Job in which the controller of k3s runs helm. */
function readJobImage(
  object: KubernetesObject,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const image = groupOf(object) === 'helm.cattle.io' ? descend(object.root, 'spec', 'jobImage') : undefined;
  if (image?.kind !== 'scalar' || !text(image)) return [];
  const location = locateScalar(object, image);
  const found = { text: image.text, location, field: 'spec.jobImage' };
  return [createImageUse({ ...found, confidence: 'certain', from: 'customResource' }, substitutions)];
}

function nameOf(object: KubernetesObject): string {
  return text(descend(object.root, 'metadata', 'name')) ?? '';
}

function namespaceOf(object: KubernetesObject): string | undefined {
  return text(descend(object.root, 'metadata', 'namespace'));
}

function mappingValues(
  object: KubernetesObject,
  node: TreeNode | undefined,
  path: string,
): readonly InlineValues[] {
  const yaml = node && yamlPart(object.document.file, object.source, node);
  return yaml ? [{ yaml, path }] : [];
}

function stringValues(
  object: KubernetesObject,
  node: TreeNode | undefined,
  path: string,
): readonly InlineValues[] {
  if (node?.kind !== 'scalar' || !text(node)) return [];
  const yaml = yamlInString(object.document.file, object.source, node);
  return yaml ? [{ yaml, path }] : [];
}

function dottedValues(
  object: KubernetesObject,
  values: readonly DottedValue[],
  path: string,
): readonly InlineValues[] {
  const yaml =
    values.length === 0 ? undefined : yamlOfDottedKeys(object.document.file, object.source, values);
  return yaml ? [{ yaml, path }] : [];
}
