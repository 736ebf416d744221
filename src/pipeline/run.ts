import { watchIgnoreComments } from '../check/ignoreComments.ts';
import { runChecks, type CheckResult } from '../check/runChecks.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { UserError } from '../errors.ts';
import { discover, type DiscoverOptions } from '../discovery/discover.ts';
import type { BuildOutputs } from '../manifest/build.ts';
import type { Discovery } from '../manifest/discovery.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { missingPullSecrets } from '../manifest/missingPullSecrets.ts';
import { buildClusterNodes } from '../node/clusterNodes.ts';
import { configureNodes, type ConfiguredNodes } from '../nodeRoot/ownConfigs.ts';
import { groupNodes, planPulls } from '../pull/planPulls.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import { listedImages, sandboxImages } from '../pull/systemImages.ts';
import { formatReference } from '../reference/parseReference.ts';
import type { Registries } from '../registries/registries.ts';
import type { Unexpressed } from '../render/clusterTarget.ts';
import { renderCluster } from '../render/renderCluster.ts';
import { renderNodes, type RenderedNodes } from '../render/renderNodes.ts';
import { withSandboxImages } from '../render/sandboxImage.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { buildMatrix } from '../report/matrix.ts';
import type { NodeSummary, Report, Statistics } from '../report/report.ts';
import type { SourceProblem } from '../source/location.ts';
import { version } from '../version.ts';
import { findRegistries } from './findRegistries.ts';

/** How a folder is to be looked at. */
export interface AnalyseOptions {
  /** Path of registries.yaml, relative to the root; found by its name when absent. */
  readonly registries?: string;
  /** A registries.yaml that was asked for and is not there is no error: an older state need not have it. */
  readonly mayLackRegistries?: boolean;
  /** What placeholders in images stand for. */
  readonly substitutions: ReadonlyMap<string, string>;
  /** Files of values with which charts are rendered, and in no other way, by the folder of the chart. */
  readonly helmValues?: NonNullable<DiscoverOptions['helmValues']>;
  /** What kustomize and helm made of the folder. */
  readonly outputs?: BuildOutputs;
}

/** Everything that is known about a repository once it is read and resolved. */
export interface Analysis {
  readonly files: RepositoryFiles;
  readonly registries: Registries;
  readonly nodes: readonly ConfiguredNode[];
  readonly cases: readonly NodeCase[];
  readonly pulls: readonly Pull[];
  /** What the manifests say, with the images that no manifest names. */
  readonly discovery: Discovery;
  /** What the files for the whole cluster cannot say. */
  readonly unexpressed: readonly Unexpressed[];
  readonly report: Report;
  readonly isLeftAlone: CheckResult['isLeftAlone'];
}

/** load, discover, resolve, check, render: everything but reading the folder. */
export function analyse(repository: RepositoryFiles, options: AnalyseOptions): Analysis {
  const { files, comments } = watchIgnoreComments(repository);
  const { registries, others } = findRegistries(files, options.registries, {
    mayBeMissing: options.mayLackRegistries,
  });
  const { nodes, ownConfigs, nodeProblems } = readNodes(registries, files);
  const discovery = findImages(files, registries, nodes, options);
  const cases = groupNodes(nodes);
  refuseTooManyPairs(cases, discovery.uses);
  const pulls = planPulls(cases, discovery.uses);
  const { rendered, refused, unexpressed } = renderFiles(nodes, discovery);
  const known = { files, registries, nodes, cases, pulls, discovery };
  const { isLeftAlone, ...checked } = runChecks(
    { ...known, nodes: nodes.map(({ node }) => node), nodeProblems, ownConfigs, refused },
    comments,
  );
  const report: Report = {
    tool: { name: 'mirrorproof', version },
    ...(registries.file !== undefined && { registriesFile: registries.file }),
    otherRegistriesFiles: others,
    nodes: nodes.map(summarize),
    images: discovery.uses,
    ...checked,
    matrix: buildMatrix(cases, pulls),
    rendered,
    statistics: countWork(known),
  };
  return { ...known, unexpressed, report, isLeftAlone };
}

/** The nodes as registries.yaml, the inventory and their own files have them. */
function readNodes(
  registries: Registries,
  files: RepositoryFiles,
): ConfiguredNodes & { readonly nodeProblems: readonly SourceProblem[] } {
  const { nodes, problems } = buildClusterNodes(registries, files);
  const configured = configureNodes(nodes, files);
  return {
    nodes: withSandboxImages(configured.nodes, registries.images),
    ownConfigs: configured.ownConfigs,
    nodeProblems: problems,
  };
}

/** What the manifests say, with the images that no manifest names. */
function findImages(
  files: RepositoryFiles,
  registries: Registries,
  nodes: readonly ConfiguredNode[],
  options: AnalyseOptions,
): Discovery {
  const discovery = discover(files, { ...options, imagePaths: registries.imagePaths });
  return { ...discovery, uses: [...discovery.uses, ...listedImages(registries), ...sandboxImages(nodes)] };
}

/** The files for the cluster and for its nodes, and what they cannot say. */
function renderFiles(
  nodes: readonly ConfiguredNode[],
  discovery: Discovery,
): Pick<Report, 'rendered'> & Pick<Analysis, 'unexpressed'> & Pick<RenderedNodes, 'refused'> {
  const { files, refused } = renderNodes(nodes);
  const cluster = renderCluster(nodes, {
    namespaceHosts: discovery.uses.flatMap(({ reference }) => (reference ? [reference.domain] : [])),
    missingPullSecrets: missingPullSecrets(discovery),
  });
  return { rendered: new Map([...cluster.files, ...files]), unexpressed: cluster.unexpressed, refused };
}

function countWork({ cases, pulls, discovery }: Pick<Analysis, 'cases' | 'pulls' | 'discovery'>): Statistics {
  return {
    files: discovery.statistics.files,
    references: new Set(pulls.map(({ reference }) => formatReference(reference))).size,
    nodeConfigurations: cases.length,
    pairs: pulls.length,
  };
}

/** Distinct pairs of a node configuration and a reference; a thousand times what large clusters have. */
const maxPairs = 1_000_000;

function refuseTooManyPairs(cases: readonly NodeCase[], uses: readonly ImageUse[]): void {
  const references = new Set(
    uses.flatMap(({ reference }) => (reference ? [formatReference(reference)] : [])),
  );
  if (cases.length * references.size <= maxPairs) return;
  const pairs = `${references.size} images on ${cases.length} different node configurations`;
  throw new UserError(`${pairs} are more pulls than are worked out`, 'check fewer files or nodes at once');
}

function summarize({ node, configuration: { profile } }: ConfiguredNode): NodeSummary {
  return {
    name: node.name,
    runtime: node.writtenRuntime?.value ?? `containerd://${profile.version}`,
    ...(node.architecture !== undefined && { architecture: node.architecture }),
    assumedVersion: profile.assumed,
  };
}
